//! The words of the language, in both spellings.
//!
//! In: nothing. Out: one constant a word, and all of them in [`KEYWORDS`].
//! Invariant: a test ties every word to the grammar; the formatter, the messages and the editors read only this table.

use jihe_diagnostics::Language;

/// A word of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keyword {
    /// 中文
    pub zh: &'static str,
    /// English
    pub en: &'static str,
    /// What else it may be.
    pub class: Class,
}

/// What a word may be elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Names nothing.
    Reserved,
    /// An ordinary name outside its place.
    Contextual,
    /// A function where `(` follows, else an ordinary name.
    Function,
    /// A unit after a number, else an ordinary name.
    Unit,
}

impl Keyword {
    /// The word in one language.
    pub const fn spelled(&self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.zh,
            Language::English => self.en,
        }
    }
}

/// The word with this spelling in either language, of one class.
pub fn find(word: &str, class: Class) -> Option<&'static Keyword> {
    KEYWORDS.iter().find(|keyword| keyword.class == class && (keyword.zh == word || keyword.en == word))
}

/// Whether the word is reserved: it can name nothing.
pub fn is_reserved(word: &str) -> bool {
    find(word, Class::Reserved).is_some() || HALVES.contains(&word)
}

/// Whether the word, first on its line, may begin a clause of a rule.
pub fn is_clause_word(word: &str) -> bool {
    word == "for" || CLAUSES.iter().any(|keyword| keyword.zh == word || keyword.en == word)
}

/// Whether the word stands between two operands, so that what is before it is one.
pub fn is_infix_word(word: &str) -> bool {
    INFIX.iter().any(|keyword| keyword.zh == word || keyword.en == word) || word == "not"
}

/// Ways to split a word that was written without spaces at a reserved word inside it:
/// `上限且数量` → `上限`, `且`, `数量`. Either side may be empty. Longer reserved words first.
///
/// ```
/// assert_eq!(jihe_syntax::keywords::splits("上限且数量"), [("上限", "且", "数量")]);
/// assert_eq!(jihe_syntax::keywords::splits("不属于限价")[0], ("", "不属于", "限价"));
/// ```
pub fn splits(word: &str) -> Vec<(&str, &'static str, &str)> {
    let mut found: Vec<(&str, &'static str, &str)> = KEYWORDS
        .iter()
        .filter(|keyword| keyword.class == Class::Reserved)
        .filter_map(|keyword| {
            let (left, right) = word.split_once(keyword.zh)?;
            (!left.is_empty() || !right.is_empty()).then_some((left, keyword.zh, right))
        })
        .collect();
    found.sort_by_key(|(left, word, _)| (std::cmp::Reverse(word.len()), left.len()));
    found
}

/// The first words of reserved words that are written as two.
const HALVES: &[&str] = &["for", "same"];

macro_rules! keywords {
    ($($class:ident { $($name:ident $zh:literal $en:literal;)* })*) => {
        $($(
            #[doc = concat!($zh, " ", $en)]
            pub const $name: Keyword = Keyword { zh: $zh, en: $en, class: Class::$class };
        )*)*
        /// Every word, by class and then in the order of the reference.
        pub const KEYWORDS: &[Keyword] = &[$($($name,)*)*];
    };
}

/// The words that begin a clause, in the canonical order of clauses.
pub const CLAUSES: &[Keyword] = &[
    ID, TITLE, BASIS, STAGE, EFFECTIVE, PRECEDES, FOR_EACH, LET, WHEN, UNLESS, NATURE, OFFENDING, AMOUNT,
    INVOLVING, SHOW, MESSAGE, VERIFY,
];

/// The words that begin a declaration.
pub const DECLARATIONS: &[Keyword] = &[PACKAGE, PARAMETER, CODES, TABLE, EXTEND, DERIVE, SUMMARY, RULE, TEST];

const INFIX: &[Keyword] =
    &[AND, OR, THEN, ELSE, IN, NOT_IN, CONTAINS, LACKS, TO, WHERE, BY, BECAUSE, EXCEPT, CLOCK_END];

keywords! {
    Reserved {
        FOR_EACH "针对" "for each";
        LET "设" "let";
        WHEN "当" "when";
        UNLESS "除非" "unless";
        BECAUSE "因" "because";
        AND "且" "and";
        OR "或" "or";
        NOT "非" "not";
        IF "若" "if";
        THEN "则" "then";
        ELSE "否则" "else";
        IN "属于" "in";
        NOT_IN "不属于" "not in";
        CONTAINS "含" "contains";
        LACKS "不含" "lacks";
        TRUE "是" "true";
        FALSE "否" "false";
        TO "至" "to";
        THIS "本条" "this";
        GROUP "本组" "group";
        OTHER "其他" "other";
        PREVIOUS "上一" "previous";
        FOLLOWING "下一" "following";
        SAME "同一" "same";
        WHERE "其中" "where";
        BY "按" "by";
        DENSE "补零" "dense";
        EXCEPT "除" "except";
        AS_OF "于" "as of";
        FROM "距" "from";
        CLOCK "以" "on";
        LAST "最近" "last";
        NEXT "随后" "next";
        BEFORE "此前" "before";
        AFTER "此后" "after";
        WITHIN "前后" "within";
        DURING "期间" "during";
        OVERLAPPING "重叠" "overlapping";
        VALID_AT "有效于" "valid at";
        SAME_VISIT "本次" "same visit";
        SAME_DAY "当日" "same day";
        SAME_WEEK "当周" "same week";
        SAME_MONTH "当月" "same month";
        SAME_QUARTER "当季" "same quarter";
        SAME_YEAR "当年" "same year";
        SAME_HOUR "同一小时" "same hour";
    }
    Contextual {
        PACKAGE "规则包" "package";
        VERSION "版本" "version";
        REGION "地区" "region";
        PARAMETER "参数" "parameter";
        RANGE "范围" "range";
        SINCE "自" "since";
        CODES "编码集" "codes";
        SOURCE "来自" "source";
        TABLE "知识" "table";
        KEY "键" "key";
        SET "集" "set";
        FALLBACK "逐级" "fallback";
        EXTEND "扩展" "extend";
        DERIVE "派生" "derive";
        SUMMARY "统计" "summary";
        RULE "规则" "rule";
        TEST "测试" "test";
        EXPECT "期望" "expect";
        ID "编号" "id";
        TITLE "名称" "title";
        BASIS "依据" "basis";
        STAGE "环节" "stage";
        PRE "事前" "pre";
        LIVE "事中" "live";
        POST "事后" "post";
        EFFECTIVE "生效" "effective";
        ONWARD "起" "onward";
        PRECEDES "优先于" "precedes";
        NATURE "性质" "nature";
        VIOLATION "违规" "violation";
        LIKELY "高度可疑" "likely";
        SUSPICIOUS "可疑" "suspicious";
        DATA_QUALITY "数据质量" "data_quality";
        OFFENDING "违规明细" "offending";
        AMOUNT "违规金额" "amount";
        INVOLVING "涉及" "involving";
        SHOW "列示" "show";
        MESSAGE "说明" "message";
        VERIFY "核查" "verify";
        CLOCK_END "计" "";
        BENEFIT_YEAR_PERIOD "医保年度" "same benefit_year";
        HIT "命中" "hit";
        PASS "通过" "pass";
        NOT_APPLICABLE "不适用" "not_applicable";
        EXEMPT "豁免" "exempt";
        UNDECIDED "无法判定" "undecided";
        INDEX "序" "i";
    }
    Function {
        COUNT "计数" "count";
        COUNT_DISTINCT "去重计数" "count_distinct";
        SUM "合计" "sum";
        AVERAGE "平均" "average";
        MEDIAN "中位" "median";
        STDDEV "标准差" "stddev";
        PERCENTILE "分位" "percentile";
        RANK "名次" "rank";
        MAX "最大" "max";
        MIN "最小" "min";
        ARGMAX "最大者" "argmax";
        ARGMIN "最小者" "argmin";
        FIRST "首" "first";
        LAST_OF "末" "last";
        EXISTS "存在" "exists";
        NONE "不存在" "none";
        ANY "任一" "any";
        ALL "全部" "all";
        DISTINCT_DAYS "天数" "distinct_days";
        SPAN "跨度" "span";
        COVERED_DAYS "覆盖天数" "covered_days";
        OVERLAP_DAYS "重叠天数" "overlap_days";
        MAX_CONCURRENT "最大并发" "max_concurrent";
        DENSEST "最密" "densest";
        EXCESS "超出部分" "excess";
        EXCESS_DAYS "超出天数部分" "excess_days";
        KNOWN "已知" "known";
        DEFAULT "缺省" "default";
        NUMBER "数" "number";
        HOUR_OF "时" "hour";
        DAY_OF "日" "day";
        WEEK_OF "周" "week";
        MONTH_OF "月" "month";
        QUARTER_OF "季" "quarter";
        YEAR_OF "年" "year";
        BENEFIT_YEAR "医保年度" "benefit_year";
        MONTH_NUMBER "月份数" "month_number";
        EACH_DAY "逐日" "each_day";
        FIRST_DAY "首日" "first_day";
        ICD_CATEGORY "诊断类目" "icd_category";
        ROUND_HUNDRED "整百" "round_hundred";
        AS_OF_DATE "截止日" "as_of_date";
        AGE "年龄" "age";
    }
    Unit {
        YUAN "元" "yuan";
        WAN_YUAN "万元" "wan_yuan";
        DAYS "天" "days";
        HOURS "小时" "hours";
        MINUTES "分钟" "minutes";
        WEEKS "周" "weeks";
        MONTHS "月" "months";
        QUARTERS "季" "quarters";
        YEARS "年" "years";
        YEARS_OLD "岁" "years_old";
        TIMES "次" "times";
    }
}
