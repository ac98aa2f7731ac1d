//! Clauses, sets and declarations that do not fit together.
//!
//! In: places. Out: `E04xx`.
//! Invariant: each message proposes one thing that would fit.

use jihe_diagnostics::{Diagnostic, Span};
use jihe_syntax::tree::Name;

use super::{error, text};

/// E0401
pub(crate) fn missing_clause(rule: &Name, zh: &str, en: &str) -> Diagnostic {
    let message =
        text(format!("规则 {} 缺少 {zh}", rule.text), format!("rule `{}` has no `{en}`", rule.text));
    Diagnostic::error("E0401", rule.span, message)
        .help(text(format!("补上 {zh} 子句"), format!("add a `{en}` clause")))
}

/// E0402
pub(crate) fn clause_twice(first: Span, second: Span) -> Diagnostic {
    let message = text("同一种子句写了两次", "the same clause stands twice");
    Diagnostic::error("E0402", second, message)
        .and(first, text("先在这里", "first here"))
        .help(text("合并为一条", "join them into one"))
}

/// E0403
pub(crate) fn bare_kind(span: Span) -> Diagnostic {
    error(
        "E0403",
        span,
        (
            "集合没有 同一(…) 或 本次，会逐条扫描全部记录",
            "the set has neither same(…) nor same visit and would scan every record",
        ),
        (
            "写 同一(参保人) 之类，或从记录出发，如 就诊.明细",
            "add same(…), or start from a record, as in visit.item",
        ),
    )
}

/// E0404
pub(crate) fn subject_is_bare(span: Span) -> Diagnostic {
    error(
        "E0404",
        span,
        (
            "针对 与 统计 只写记录名或统计名，可跟 其中",
            "a subject is the name of a kind or summary, perhaps with where",
        ),
        ("把期间或 同一 移到 设 里", "move periods and same(…) into a let"),
    )
}

/// E0405
pub(crate) fn prefix_needs_kind(span: Span) -> Diagnostic {
    error(
        "E0405",
        span,
        (
            "其他、上一、下一 只能放在记录名或统计名之前",
            "other, previous and following stand before the name of a kind or summary",
        ),
        ("写 其他 明细 同一(…) 之类", "write other item same(…)"),
    )
}

/// E0405
pub(crate) fn prefix_of_other_kind(span: Span, of: &str, anchor: &str) -> Diagnostic {
    let message = text(
        format!("其他、上一、下一 以本条为参照，但本条是 {anchor}，不是 {of}"),
        format!("other, previous and following refer to the subject, which is `{anchor}` and not `{of}`"),
    );
    Diagnostic::error("E0405", span, message).help(text("去掉前缀", "remove the prefix"))
}

/// E0406
pub(crate) fn period_needs_kind(span: Span) -> Diagnostic {
    error(
        "E0406",
        span,
        (
            "期间与 同一 只能写在记录名或统计名之后",
            "periods and same(…) follow the name of a kind or summary",
        ),
        ("从记录名写起，或用 其中 比较时间", "start from the kind, or compare times inside where"),
    )
}

/// E0407
pub(crate) fn nested_too_deep(span: Span) -> Diagnostic {
    error(
        "E0407",
        span,
        ("集合嵌套超过两层", "sets are nested more than twice"),
        ("把内层写成 派生 字段", "make the inner set a derived field"),
    )
}

/// E0408
pub(crate) fn no_visit(span: Span, of: &str) -> Diagnostic {
    let message = text(format!("{of} 不属于某次就诊，不能用 本次"), format!("`{of}` belongs to no visit"));
    Diagnostic::error("E0408", span, message).help(text("用 同一(…) 写明键", "name the keys with same(…)"))
}

/// E0409
pub(crate) fn no_clock(span: Span, of: &str) -> Diagnostic {
    let message = text(format!("{of} 没有默认时间"), format!("`{of}` has no clock"));
    Diagnostic::error("E0409", span, message)
        .help(text("用 距 … 或 以 … 计 写明时间", "say which time with from … or on …"))
}

/// E0410
pub(crate) fn summary_without_calendar(span: Span, of: &str) -> Diagnostic {
    let message = text(
        format!("统计 {of} 没有唯一的日历键，不能放进期间"),
        format!("summary `{of}` has no single calendar key and cannot stand in a period"),
    );
    Diagnostic::error("E0410", span, message)
        .help(text("在 按 里加一个 日(…)、月(…) 之类的键", "add a key such as day(…) or month(…)"))
}

/// E0411
pub(crate) fn two_periods(first: Span, second: Span) -> Diagnostic {
    let message = text("一个集合只能有一个期间", "a set has one period");
    Diagnostic::error("E0411", second, message)
        .and(first, text("先在这里", "first here"))
        .help(text("另一个条件写进 其中", "put the other condition into where"))
}

/// E0412
pub(crate) fn times_need_last(span: Span) -> Diagnostic {
    error(
        "E0412",
        span,
        ("次数只能用于 最近 N 次 与 随后 N 次", "a number of records goes with last or next only"),
        ("写 最近 3 次", "write last 3 times"),
    )
}

/// E0413
pub(crate) fn length_needed(span: Span) -> Diagnostic {
    error(
        "E0413",
        span,
        ("这个期间要有长度", "this period needs a length"),
        ("如 最近 30 天", "such as last 30 days"),
    )
}

/// E0414
pub(crate) fn each_day_outside_key(span: Span) -> Diagnostic {
    error(
        "E0414",
        span,
        ("逐日 只能作 按 (…) 里的键", "each_day is a group key only"),
        ("写 按 (日子 = 逐日(甲 至 乙))", "write by (date = each_day(a to b))"),
    )
}

/// E0415
pub(crate) fn key_needs_name(span: Span) -> Diagnostic {
    error(
        "E0415",
        span,
        ("这个键要有名称", "this key needs a name"),
        ("写 名称 = 表达式", "write name = expression"),
    )
}

/// E0416
pub(crate) fn key_named_twice(span: Span, name: &str) -> Diagnostic {
    let message = text(format!("键或列 `{name}` 重名"), format!("two keys or columns are named `{name}`"));
    Diagnostic::error("E0416", span, message).help(text("换一个名称", "rename one of them"))
}

/// E0417
pub(crate) fn dense_needs_calendar(span: Span) -> Diagnostic {
    error(
        "E0417",
        span,
        ("补零 要有唯一的日历键", "dense needs exactly one calendar key"),
        ("加一个 日(…)、月(…) 之类的键", "add a key such as day(…) or month(…)"),
    )
}

/// E0418
pub(crate) fn not_a_constant(span: Span) -> Diagnostic {
    error(
        "E0418",
        span,
        ("参数的值要写成常数", "the value of a parameter is a constant"),
        ("如 30 天", "such as 30 days"),
    )
}

/// E0419
pub(crate) fn not_a_range(span: Span) -> Diagnostic {
    error(
        "E0419",
        span,
        ("范围 写作 甲 至 乙", "a range is written a to b"),
        ("如 范围 1 天 至 60 天", "such as 1 days to 60 days"),
    )
}

/// E0420
pub(crate) fn out_of_range(name: &Name, value: Span, range: Span) -> Diagnostic {
    let message = text(
        format!("参数 {} 的值不在范围之内", name.text),
        format!("the value of parameter `{}` lies outside its range", name.text),
    );
    Diagnostic::error("E0420", value, message)
        .and(range, text("范围在这里", "the range is here"))
        .help(text("改值或改范围", "change the value or the range"))
}

/// E0421
pub(crate) fn dates_not_rising(span: Span) -> Diagnostic {
    error(
        "E0421",
        span,
        ("各 自 的日期要由早到晚、互不相同", "the days after since must rise"),
        ("按日期排序", "sort them by day"),
    )
}

/// E0422
pub(crate) fn circle(name: &Name, span: Span) -> Diagnostic {
    let message =
        text(format!("`{}` 绕了一圈又用到自己", name.text), format!("`{}` depends on itself", name.text));
    Diagnostic::error("E0422", span, message)
        .and(name.span, text("声明在这里", "declared here"))
        .help(text("拆开循环", "break the circle"))
}

/// E0423
pub(crate) fn chain_too_long(span: Span) -> Diagnostic {
    error(
        "E0423",
        span,
        ("声明依赖的层数太多", "too many declarations depend on each other in a row"),
        ("减少层数", "shorten the chain"),
    )
}

/// E0424
pub(crate) fn population_stage(span: Span, reads: Span) -> Diagnostic {
    let message = text("群体规则不能用于事前、事中", "a rule over a population cannot run pre or live");
    Diagnostic::error("E0424", span, message)
        .and(reads, text("这里不以参保人或就诊为键", "not keyed by person or visit"))
        .help(text("环节 只写 事后", "keep only stage post"))
}

/// E0425
pub(crate) fn ends_before_start(from: Span, to: Span) -> Diagnostic {
    let message = text("生效的终日早于始日", "the last day lies before the first");
    Diagnostic::error("E0425", to, message)
        .and(from, text("始日", "the first day"))
        .help(text("对调两个日期", "swap the days"))
}

/// E0426
pub(crate) fn excess_inside(span: Span) -> Diagnostic {
    error(
        "E0426",
        span,
        (
            "超出部分 自己分摊到明细，不能再参与运算",
            "excess says itself which lines carry how much and cannot be computed with",
        ),
        ("让它单独作违规金额，或作 若 的一个分支", "let it stand alone, or as a branch of if"),
    )
}

/// E0427
pub(crate) fn amount_without_lines(span: Span) -> Diagnostic {
    error(
        "E0427",
        span,
        ("有违规金额，却不知落在哪些明细", "there is an amount, but no lines that carry it"),
        ("补上 违规明细，如 违规明细 就诊.明细", "add offending, such as offending visit.item"),
    )
}

/// E0428
pub(crate) fn unknown_nature(span: Span, name: &str) -> Diagnostic {
    let message = text(format!("`{name}` 不是性质"), format!("`{name}` is not a nature"));
    Diagnostic::error("E0428", span, message).help(text(
        "性质是 违规、高度可疑、可疑、数据质量 之一，或 若 … 则 … 否则 …",
        "a nature is violation, likely, suspicious or data_quality, or if … then … else …",
    ))
}

/// E0429
pub(crate) fn precedence_circle(name: &str, span: Span) -> Diagnostic {
    let message = text(format!("优先于 绕了一圈回到 {name}"), format!("precedes leads back to `{name}`"));
    Diagnostic::error("E0429", span, message).help(text("去掉其中一个 优先于", "remove one precedes"))
}

/// E0430
pub(crate) fn too_costly(span: Span) -> Diagnostic {
    error(
        "E0430",
        span,
        (
            "对每条记录都要再扫一遍窗口（丙类），只有以参保人或就诊为键才可以",
            "every record would scan its window again (class 丙), which only sets keyed by person or visit may do",
        ),
        ("把 参保人 或 就诊 加进 同一(…)，或改用统计", "add person or visit to same(…), or use a summary"),
    )
}

/// E0431
pub(crate) fn never_true(first: Span, second: Span) -> Diagnostic {
    let message = text("条件永远不成立", "the condition can never hold");
    Diagnostic::error("E0431", second, message)
        .and(first, text("与这里矛盾", "contradicts this"))
        .help(text("改其中一个条件", "change one of the two"))
}

/// E0432
pub(crate) fn same_rule_id(id: &str, second: Span, first: Span) -> Diagnostic {
    let message = text(format!("编号 {id} 用了两次"), format!("the id `{id}` is used twice"));
    Diagnostic::error("E0432", second, message)
        .and(first, text("先在这里", "first here"))
        .help(text("换一个编号", "choose another id"))
}

/// E0433
pub(crate) fn not_an_override(span: Span) -> Diagnostic {
    error(
        "E0433",
        span,
        (
            "参数文件里只能有 规则包、参数、编码集、知识",
            "a parameter file holds only package, parameter, codes and table",
        ),
        ("把它移到规则文件里", "move it to a rule file"),
    )
}

/// E0434
pub(crate) fn no_such_year_start(span: Span) -> Diagnostic {
    error(
        "E0434",
        span,
        ("医保年度要从每年都有的一天开始", "a benefit year begins on a day that every year has"),
        ("写月和日，如 07-01；2 月 29 日不行", "write month and day, such as 07-01; not 29 February"),
    )
}

/// E0435
pub(crate) fn two_year_starts(span: Span, first: Span) -> Diagnostic {
    let message = text("两处写的医保年度不同", "two packages begin the benefit year on different days");
    Diagnostic::error("E0435", span, message).and(first, text("先在这里", "first here")).help(text(
        "一套规则只有一种医保年度；地区不同的写在覆盖文件里",
        "rules have one benefit year; what differs by region belongs into a file of overrides",
    ))
}
