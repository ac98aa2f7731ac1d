"""The rules every peer runs, as parameters of ten shapes.

In: how many rules, 10 or 100. Out: `RULES`-like lists of parameters, and the text of the same rules for Jihe.
Invariant: a rule is its shape and its parameters; each peer writes the shape in its own language and takes these.
"""

SHAPES = 10
DRUGS = [
    "苯磺酸氨氯地平片", "盐酸二甲双胍片", "阿托伐他汀钙片", "阿司匹林肠溶片", "厄贝沙坦片", "磷酸西格列汀片",
]
# Codes of the list; the price ceilings of a variant lie above every list price but one.
CEILED = [
    ("002503020030000", 58), ("002503059990000", 10), ("003107010010000", 20), ("002501010150000", 16),
    ("003310030220000", 800),
]


def variants(rules: int) -> range:
    """One variant of each shape for 10 rules, ten for 100."""
    return range(rules // SHAPES)


def ceilings(v: int) -> list[tuple[str, str]]:
    """Item code and highest price of variant v."""
    low = v % len(CEILED)
    return [(code, f"{price - 1 if at == low else price + 1 + v}.5") for at, (code, price) in enumerate(CEILED)]


def parameters(v: int) -> dict:
    """The parameters of variant v of every shape."""
    return {
        "v": v,
        "hour": 8 + v % 9,              # 2: at which hour drugs are charged
        "week_least": 6,                # 3: other lines of the item in the week
        "week_fee": ["05", "07", "01", "02"][v % 4],
        "drug": DRUGS[v % len(DRUGS)],  # 4: days of supply in a rolling window
        "supply_days": 63 + v // len(DRUGS),
        "supply_limit": 56,
        "units": 12 + v,                # 5: units of an item in a visit
        "refill_month": 1 + v % 12,          # 6: previous prescription so close
        "refill_days": 31,
        "readmission_days": 200 + 10 * v,  # 7
        "visits": 4 + v % 3,            # 8: visits in a month
        "places": 3 + v % 2,            # 9: institutions in a rolling window
        "places_days": 30 + v,
        "ahead_days": 20 + v,           # 10: a stay soon after a purchase
    }


def tables(v: int) -> dict[str, str]:
    """The knowledge files of variant v by name."""
    rows = "".join(f"{code},{price}\n" for code, price in ceilings(v))
    return {f"限价{v}.csv": "项目编码,上限价\n" + rows}


def jihe(rules: int) -> tuple[str, dict[str, str]]:
    """One package with all rules, and its knowledge files."""
    text, files = ['规则包 "同台" 版本 "1"'], {}
    for v in variants(rules):
        p = parameters(v)
        files |= tables(v)
        text.append(JIHE.format(**p))
    return "\n".join(text), files


JIHE = """
知识 限价{v} 来自 "限价{v}.csv" {{ 项目编码 键; 上限价 : 单价 }}
规则 超限价{v} {{
  编号 "R01-{v}" 针对 明细 其中 项目编码 属于 限价{v}.项目编码
  当 单价 > 限价{v}[项目编码].上限价
  违规金额 (单价 - 限价{v}[项目编码].上限价) × 数量
  性质 可疑 说明 "超限价"
}}
规则 钟点{v} {{
  编号 "R02-{v}" 针对 明细 其中 费用类别 = "09"
  当 数量 ≥ 2 且 时(使用时间) = {hour}
  违规金额 金额 × 50%
  性质 可疑 说明 "钟点"
}}
规则 同周{v} {{
  编号 "R03-{v}" 针对 明细 其中 费用类别 = "{week_fee}"
  设 同周 = 其他 明细 同一(就诊.参保人, 项目编码) 当周
  当 计数(同周) ≥ {week_least}
  违规金额 金额 涉及 同周
  性质 可疑 说明 "同周"
}}
规则 超量{v} {{
  编号 "R04-{v}" 针对 明细 其中 通用名 = "{drug}"
  设 窗口 = 明细 同一(就诊.参保人, 通用名) 最近 {supply_days} 天
  当 合计(窗口.供药天数) > {supply_limit} 天
  违规金额 金额 涉及 窗口
  性质 可疑 说明 "超量"
}}
规则 超次{v} {{
  编号 "R05-{v}" 针对 明细 按 (就诊, 项目编码)
  当 合计(本组.数量) > {units}
  违规金额 超出部分(本组.数量, {units})
  性质 可疑 说明 "超次"
}}
规则 早配{v} {{
  编号 "R06-{v}" 针对 就诊 其中 医疗类别 = "14" 且 月份数(时间) = {refill_month}
  设 上次 = 上一 就诊 同一(参保人, 机构) 其中 医疗类别 = "14"
  当 存在(上次) 且 日(时间) - 日(上次.时间) ≤ {refill_days} 天
  涉及 上次
  性质 可疑 说明 "早配"
}}
规则 再住院{v} {{
  编号 "R07-{v}" 针对 就诊 其中 医疗类别 = "21"
  设 以前 = 就诊 同一(参保人) 此前 {readmission_days} 天 其中 医疗类别 = "21"
  当 存在(以前)
  涉及 以前
  性质 可疑 说明 "再住院"
}}
规则 频繁{v} {{
  编号 "R08-{v}" 针对 就诊 按 (参保人, 月份 = 月(时间))
  当 计数(本组) ≥ {visits}
  涉及 本组
  性质 可疑 说明 "频繁"
}}
规则 多家{v} {{
  编号 "R09-{v}" 针对 就诊
  设 窗口 = 就诊 同一(参保人) 最近 {places_days} 天
  当 去重计数(窗口.机构) ≥ {places}
  涉及 窗口
  性质 可疑 说明 "多家"
}}
规则 住院前购药{v} {{
  编号 "R10-{v}" 针对 就诊 其中 医疗类别 = "41"
  设 随后住 = 就诊 同一(参保人) 此后 {ahead_days} 天 其中 医疗类别 = "21"
  当 存在(随后住)
  涉及 随后住
  性质 可疑 说明 "住院前购药"
}}
"""
