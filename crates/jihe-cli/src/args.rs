//! The arguments of every command, with their help in both languages.
//!
//! In: the command line. Out: [`Args`].
//! Invariant: names and defaults are those of `docs/contract.md`.

use clap::{Parser, Subcommand, ValueEnum};
use jihe::Language;
use std::path::PathBuf;

/// 医保基金监管规则：检查、测试、稽核。 Rules for auditing medical-insurance claims.
#[derive(Debug, Parser)]
#[command(name = "jihe", version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Args {
    /// 提示所用语言 / language of messages
    #[arg(long, global = true, value_enum, default_value_t = LanguageArg::Zh)]
    pub(crate) messages: LanguageArg,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Args {
    /// The language of messages.
    pub(crate) fn language(&self) -> Language {
        self.messages.into()
    }
}

/// 中文 or English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LanguageArg {
    /// 中文
    Zh,
    /// English
    En,
}

impl From<LanguageArg> for Language {
    fn from(language: LanguageArg) -> Self {
        match language {
            LanguageArg::Zh => Language::Chinese,
            LanguageArg::En => Language::English,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 检查规则文件 / check rule files
    Check {
        /// .jihe 文件或文件夹 / files or folders
        #[arg(required = true)]
        rules: Vec<PathBuf>,
        /// 参数覆盖文件 / file of overrides
        #[arg(long)]
        params: Option<PathBuf>,
        /// 输出格式 / output format
        #[arg(long, value_enum, default_value_t = DiagnosticFormat::Text)]
        format: DiagnosticFormat,
    },
    /// 运行规则旁的测试 / run the tests beside the rules
    Test {
        /// .jihe 文件或文件夹 / files or folders
        #[arg(required = true)]
        rules: Vec<PathBuf>,
        /// 参数覆盖文件 / file of overrides
        #[arg(long)]
        params: Option<PathBuf>,
    },
    /// 统一规则文件的写法 / format rule files
    Fmt {
        /// .jihe 文件或文件夹 / files or folders
        #[arg(required = true)]
        rules: Vec<PathBuf>,
        /// 只检查，不改写 / only check
        #[arg(long)]
        check: bool,
        /// 关键字语言，默认保持原样 / language of keywords, by default as written
        #[arg(long, value_enum)]
        lang: Option<LanguageArg>,
    },
    /// 说明执行计划或诊断代码 / explain the plan, or a diagnostic code
    Explain {
        /// 诊断代码，如 E0201 / a diagnostic code
        #[arg(conflicts_with = "plan")]
        code: Option<String>,
        /// 打印规则的执行计划 / print the plan of the rules
        #[arg(long)]
        plan: bool,
        /// .jihe 文件或文件夹，默认内置规则库 / files or folders, by default the shipped rulebook
        #[arg(long, num_args = 1.., requires = "plan")]
        rules: Vec<PathBuf>,
        /// 参数覆盖文件 / file of overrides
        #[arg(long)]
        params: Option<PathBuf>,
    },
    /// 稽核一个数据文件夹 / audit a folder of claim records
    Audit(AuditArgs),
    /// 为本地的文件格式起草映射 / draft a mapping for files of another layout
    Map {
        /// 数据文件夹，按列名与样例起草 / data folder, whose columns and samples are looked at
        #[arg(long, value_name = "DIR", required = true)]
        suggest: PathBuf,
    },
    /// 说明数据里有什么、规则缺什么 / say what the data hold and what the rules lack
    Profile {
        /// 数据文件夹 / data folder
        data: PathBuf,
        /// 规则文件或文件夹，默认内置规则库 / rule files or folders, by default the shipped rulebook
        #[arg(long, num_args = 1..)]
        rules: Vec<PathBuf>,
        /// 参数覆盖文件 / file of overrides
        #[arg(long)]
        params: Option<PathBuf>,
        #[command(flatten)]
        reading: ReadingArgs,
        /// 输出格式 / output format
        #[arg(long, value_enum, default_value_t = ProfileFormat::Text)]
        format: ProfileFormat,
    },
    /// 生成一座模拟城市 / make a synthetic city
    Synth {
        /// 参保人数 / insured persons
        #[arg(long)]
        persons: u32,
        /// 随机种子 / seed
        #[arg(long)]
        seed: u64,
        /// 城市的样子 / which kind of city
        #[arg(long, value_enum, default_value = "planted")]
        variant: CityVariant,
        /// 文件格式；答案总是 CSV / file format; the answers are always CSV
        #[arg(long, value_enum, default_value = "csv")]
        format: CityFormat,
        /// 输出文件夹 / output folder
        #[arg(long)]
        out: PathBuf,
    },
    /// 生成小城市并用内置规则库稽核 / make a small city and audit it with the shipped rulebook
    Demo {
        /// 文件放在哪里 / where to put the files
        #[arg(long, default_value = "jihe-demo")]
        out: PathBuf,
    },
}

/// The kinds of a synthetic city.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CityVariant {
    /// 均匀分布，埋有违规 / evenly spread, with planted violations
    Planted,
    /// 少数人与机构占去许多明细，埋有违规 / few persons and institutions have very many lines; with planted violations
    Skewed,
    /// 没有违规 / no violation at all
    Clean,
}

/// How a synthetic city is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CityFormat {
    /// UTF-8 CSV
    Csv,
    /// Parquet
    Parquet,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AuditArgs {
    /// 规则文件或文件夹，默认内置规则库 / rule files or folders, by default the shipped rulebook
    #[arg(long, num_args = 1..)]
    pub(crate) rules: Vec<PathBuf>,
    /// 数据文件夹：每类记录一个文件 / data folder: one file a record kind
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// 参数覆盖文件 / file of overrides
    #[arg(long)]
    pub(crate) params: Option<PathBuf>,
    /// 数据覆盖的日期，如 2023-01-01..2024-12-31 / days the data cover
    #[arg(long, value_name = "FROM..TO")]
    pub(crate) coverage: Option<String>,
    /// 截止日 / as-of day
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    /// 读取哪些列；needed 更快，但未读的列有误时不再拒收该行 / columns to read; needed is faster, but a bad cell in a column that is not read rejects no row
    #[arg(long, value_enum, default_value_t = ColumnsArg::All)]
    pub(crate) columns: ColumnsArg,
    /// 输出文件夹 / output folder
    #[arg(long)]
    pub(crate) out: PathBuf,
    /// 疑点文件的格式 / format of the findings
    #[arg(long, value_enum, default_value_t = FindingFormat::Csv)]
    pub(crate) format: FindingFormat,
    /// CSV 带 BOM，供 Excel 打开 / CSV with a BOM, for Excel
    #[arg(long)]
    pub(crate) csv_bom: bool,
    /// 出现该级别或更重的疑点时以 1 退出 / exit 1 on findings of this nature or graver
    #[arg(long, value_name = "LEVEL", value_parser = parse_level)]
    pub(crate) fail_on: Option<Level>,
    /// 至多使用的内存，如 4GiB：记录分批存入临时文件夹，结果不变 / most memory to use, such as 4GiB: records spill to a temporary folder, results stay the same
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory: Option<String>,
    /// 临时文件夹建在哪里，默认为系统的 / where to make the temporary folder, by default the system's place
    #[arg(long, value_name = "DIR", requires = "memory")]
    pub(crate) temp_dir: Option<PathBuf>,
}

/// Which columns an audit reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColumnsArg {
    /// 全部 / all of them
    #[default]
    All,
    /// 规则用到的 / those the rules look at
    Needed,
}

/// How data folders are read.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct ReadingArgs {
    /// 数据的布局：每类记录一个文件，或 2024 年飞检数据采集清单 / layout: one file a kind, or the 2024 national extraction list
    #[arg(long, value_enum, default_value_t = LayoutArg::Folder)]
    pub(crate) layout: LayoutArg,
    /// 映射文件（TOML）：本地文件与列是哪类记录的哪个字段 / mapping (TOML) of local files and columns to kinds and fields
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
    /// 线程数，默认为处理器数 / threads, by default the processors
    #[arg(long)]
    pub(crate) threads: Option<usize>,
}

/// A layout of files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LayoutArg {
    /// 每类记录一个文件 / one file a record kind
    #[default]
    Folder,
    /// 2024 年国家飞检数据采集清单 / the 2024 national extraction list
    Feijian2024,
}

/// How a profile is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileFormat {
    /// 表 / a table
    Text,
    /// JSON
    Json,
}

/// A nature named on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Level(pub(crate) jihe::model::finding::Nature);

fn parse_level(text: &str) -> Result<Level, String> {
    use jihe::model::finding::Nature;
    match text {
        "违规" | "violation" => Ok(Level(Nature::Violation)),
        "高度可疑" | "likely" => Ok(Level(Nature::Likely)),
        "可疑" | "suspicious" => Ok(Level(Nature::Suspicious)),
        "数据质量" | "data_quality" => Ok(Level(Nature::DataQuality)),
        _ => Err(
            "应为 违规、高度可疑、可疑 或 数据质量 / expected violation, likely, suspicious or data_quality"
                .to_owned(),
        ),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingFormat {
    /// CSV
    Csv,
    /// Parquet
    Parquet,
    /// JSON
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiagnosticFormat {
    /// 带原文 / with the lines of the rules
    Text,
    /// 一条一行 / one a line
    Concise,
    /// JSON
    Json,
    /// SARIF 2.1.0
    Sarif,
}
