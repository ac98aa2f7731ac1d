//! Files into records, one file after the other.
//!
//! In: files by name. Out: [`Input`].
//! Invariant: a file is taken whole or, if it is damaged, not at all.

use super::account::{FileRead, kinds_read, settle};
#[cfg(feature = "fs")]
use super::batch::{Batch, Sheet};
use super::bytes::Data;
use super::name::{FileFormat, FileName};
#[cfg(feature = "parquet")]
use super::opened::Streamed;
#[cfg(feature = "xlsx")]
use super::opened::hash_of;
use super::opened::{Hash, Opened, OpenedFile, open};
#[cfg(feature = "parquet")]
use super::portion::Part;
#[cfg(feature = "fs")]
use super::portion::Rows;
use super::portion::{self, Content, FilePlan, Flow};
use super::rename::{KindRenames, RenamedRows, RenamesTold};
use super::{Input, Layout, NamedBytes, ReadOptions};
use crate::error::Error;
#[cfg(feature = "fs")]
use crate::mapping::Sample;
use crate::mapping::{Lookups, Mapping, Merged};
use crate::preflight::Preflight;
use crate::run_file::RunFile;
use jihe::Claims;
use jihe::model::ingest::{Draft, RecordsBuilder, Text};
use jihe::model::schema::{KindId, Schema};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads files one after the other; what has been read can be set aside and taken up again.
#[derive(Debug)]
pub struct InputReader<'s> {
    schema: &'s Schema,
    options: ReadOptions,
    mapping: Arc<Mapping>,
    builder: RecordsBuilder<'s>,
    told: Told,
}

/// A reading set aside: it borrows nothing.
#[derive(Debug, Clone, Default)]
pub struct PausedReader {
    options: ReadOptions,
    mapping: Arc<Mapping>,
    draft: Draft,
    told: Told,
}

/// What has been read so far, for people.
#[derive(Debug, Clone, Default)]
struct Told {
    files: Vec<FileRead>,
    ignored: Vec<String>,
    /// By kind, the name of the file or folder that holds it.
    holders: BTreeMap<KindId, String>,
    merged: Merged,
    lookups: Arc<Lookups>,
    preflight: Preflight,
    run: RunFile,
    renames: RenamesTold,
}

impl PausedReader {
    /// Takes the reading up again, over the schema it was begun with.
    pub fn resume(self, schema: &Schema) -> InputReader<'_> {
        InputReader {
            schema,
            options: self.options,
            mapping: self.mapping,
            builder: self.draft.resume(schema),
            told: self.told,
        }
    }
}

impl<'s> InputReader<'s> {
    /// Nothing read yet.
    ///
    /// # Errors
    /// The mapping is no mapping.
    pub fn new(schema: &'s Schema, options: &ReadOptions) -> Result<Self, Error> {
        let mut mapping = match options.layout {
            Layout::Folder => Mapping::default(),
            Layout::Feijian2024 => Mapping::feijian2024(schema)?,
        };
        if let Some(text) = &options.mapping {
            mapping = Mapping::parse(schema, "mapping", text)?.over(mapping);
        }
        let builder = RecordsBuilder::new(schema).reading(options.needs.clone());
        let preflight = Preflight { notes: mapping.tables.clone(), ..Preflight::default() };
        let told = Told { preflight, ..Told::default() };
        Ok(Self { schema, options: options.clone(), mapping: Arc::new(mapping), builder, told })
    }

    /// Whether other files look values up in this one, so that it should be read before them.
    pub fn is_looked_up(&self, name: &str) -> bool {
        self.mapping.find(&FileName::new(name).speaking).is_some_and(|found| !found.lookups.is_empty())
    }

    /// Whether a file of these names holds anything, as far as the mapping knows.
    pub(crate) fn is_mapped(&self, name: &FileName) -> bool {
        self.mapping.find(&name.speaking).is_some()
    }

    /// Sets the reading aside.
    pub fn pause(self) -> PausedReader {
        PausedReader {
            options: self.options,
            mapping: self.mapping,
            draft: self.builder.pause(),
            told: self.told,
        }
    }

    /// Reads a file that is in memory, and gives the account of it (of each sheet of a workbook). A file that cannot be
    /// read is told in its `problem`; nothing of it is taken.
    ///
    /// Rows that contradict each other are found out by [`InputReader::finish`] only.
    pub fn add(&mut self, file: NamedBytes) -> Vec<FileRead> {
        let before = self.told.files.len();
        let name = FileName::new(&file.name);
        if name.shown.rsplit('/').next() == Some("run.toml") {
            return vec![self.run_file(&name, &file.bytes)];
        }
        if let Err(error) = self.read(&name, &Data::Bytes(Arc::new(file.bytes))) {
            self.told.files.push(FileRead::refused(&name.shown, &error));
        }
        let mut read = self.told.files.get(before..).unwrap_or_default().to_vec();
        settle(&mut read, self.builder.rejects());
        read
    }

    /// The days a `run.toml` among the files speaks of.
    fn run_file(&mut self, name: &FileName, bytes: &[u8]) -> FileRead {
        let text = String::from_utf8_lossy(bytes);
        match RunFile::parse(&name.shown, &text) {
            Err(error) => FileRead::refused(&name.shown, &error),
            Ok(run) => {
                self.told.run = run;
                FileRead { file: name.shown.clone(), ..FileRead::default() }
            }
        }
    }

    /// Numbers repeated rows, rejects contradicting ones, and hands over what was read.
    pub fn finish(self) -> Input {
        let mut builder = self.builder;
        self.told.merged.finish(self.schema, &mut builder);
        let mut read = builder.finish();
        self.told.run.apply(&mut read.records.run);
        let mut files = self.told.files;
        settle(&mut files, &read.rejects);
        let preflight = self.told.preflight;
        Input {
            claims: Claims { records: read.records, rejects: read.rejects },
            files,
            ignored_columns: self.told.ignored,
            preflight: (!preflight.notes.is_empty()).then_some(preflight),
            kinds: kinds_read(self.schema, &read.counts),
            counts: read.counts,
            read_again: read.read_again,
        }
    }

    /// Renames that no file so far had a use for: their places in [`ReadOptions::rename`], and why.
    pub fn idle_renames(&self) -> Vec<(usize, Text)> {
        self.told.renames.idle(&self.options.rename)
    }

    /// `file: column (≈ field)` of columns that no field goes by; they were left out.
    pub fn ignored_columns(&self) -> &[String] {
        &self.told.ignored
    }

    #[cfg(feature = "fs")]
    pub(super) fn schema(&self) -> &'s Schema {
        self.schema
    }

    #[cfg(feature = "fs")]
    pub(super) fn longest_row(&self) -> usize {
        self.options.longest_row
    }

    /// Ends a reading whose rows went elsewhere: the last of them, put together from several, go there too. What is left is
    /// the account; its records are empty.
    #[cfg(feature = "spill")]
    pub(crate) fn close(mut self, flow: &mut Flow<'_, 's>) -> Result<Input, Error> {
        let mut last = self.builder.part();
        self.told.merged.finish(self.schema, &mut last);
        flow.end(last, &mut self.builder)?;
        let preflight = self.told.preflight;
        let input = Input {
            files: self.told.files,
            ignored_columns: self.told.ignored,
            preflight: (!preflight.notes.is_empty()).then_some(preflight),
            ..Input::default()
        };
        Ok(input)
    }

    /// What was read, to be gone on with by another reader over the same schema.
    pub fn into_builder(self) -> RecordsBuilder<'s> {
        let mut builder = self.builder;
        self.told.merged.finish(self.schema, &mut builder);
        builder
    }

    /// Reads a file, whole or not at all.
    pub(crate) fn read(&mut self, name: &FileName, data: &Data) -> Result<(), Error> {
        self.read_into((name, data), &mut Flow::keep())
    }

    /// Reads a file; its rows go where the flow says. If it breaks off, some may have gone already.
    pub(crate) fn read_into(
        &mut self,
        (name, data): (&FileName, &Data),
        flow: &mut Flow<'_, 's>,
    ) -> Result<(), Error> {
        match name.format {
            None => Err(unknown_format(&name.shown)),
            #[cfg(feature = "xlsx")]
            Some(FileFormat::Xlsx) => self.read_workbook((name, data), flow),
            Some(format) => {
                let mapped = self.is_mapped(name);
                let kind = if mapped { None } else { Some(self.kind_of(name)?) };
                let opened = open((name, data), format, self.options.longest_row)?;
                self.read_rows((name, kind), opened, flow)
            }
        }
    }

    /// The kind a file holds, by its folders or its own name; one kind may have one holder.
    fn kind_of(&mut self, name: &FileName) -> Result<KindId, Error> {
        let found = name.speaking.iter().find_map(|word| Some((self.schema.find_kind(word)?, word)));
        let Some((kind, word)) = found else { return Err(nameless(&name.shown)) };
        let is_own = name.speaking.last() == Some(word);
        let holder = if is_own { name.shown.clone() } else { format!("{word}/") };
        match self.told.holders.get(&kind) {
            Some(other) if is_own || *other != holder => Err(Error::usage(
                format!("同一种记录有多份：{other}、{holder}；请只留一份，或放进一个子文件夹"),
                format!(
                    "one kind of record is there more than once: {other}, {holder}; keep one, or put them in one sub-folder"
                ),
            )),
            _ => {
                self.told.holders.insert(kind, holder);
                Ok(kind)
            }
        }
    }

    /// The first rows of a file (of each sheet of a workbook).
    #[cfg(feature = "fs")]
    pub(crate) fn sample(&self, name: &FileName, data: &Data) -> Result<Vec<Sample>, Error> {
        let stem = name.speaking.last().cloned().unwrap_or_default();
        let folders = &name.partitions;
        let taken = |name: &str, rows: &mut dyn Rows| -> Result<Sample, Error> {
            let mut batch = Batch::default();
            rows.fill(&mut batch)?;
            Ok(Sample::of(name, &Sheet::new(&batch, folders)))
        };
        match name.format {
            #[cfg(feature = "xlsx")]
            Some(FileFormat::Xlsx) => {
                let bytes = data.whole().map_err(|error| Error::broken(&name.shown, &error))?;
                let mut book = super::xlsx::Workbook::open(&name.shown, bytes.to_vec())?;
                let sheets = book.sheets();
                let rows = sheets.iter().filter_map(|sheet| {
                    // An empty sheet has nothing to show.
                    book.rows(&name.shown, sheet).ok().map(|rows| (sheet, rows))
                });
                rows.map(|(sheet, mut rows)| taken(if sheets.len() == 1 { &stem } else { sheet }, &mut rows))
                    .collect()
            }
            Some(format) => match open((name, data), format, self.options.longest_row)?.source {
                Opened::Rows(mut rows) => Ok(vec![taken(&stem, rows.as_mut())?]),
                #[cfg(feature = "parquet")]
                Opened::Columns(rows) => {
                    let mut rows = Streamed { file: name.shown.clone(), rows: *rows };
                    Ok(vec![taken(&stem, &mut rows)?])
                }
            },
            None => Ok(Vec::new()),
        }
    }

    /// Reads the columns of a file of one kind: rows that stay field by field, rows that go on batch by batch.
    #[cfg(feature = "parquet")]
    fn read_columns(
        &mut self,
        columns: &super::parquet::ParquetRows,
        (plan, kind): (&FilePlan<'s, '_>, KindId),
        flow: &mut Flow<'_, 's>,
    ) -> Result<(Part<'s>, Hash), Error> {
        let threads = self.options.threads;
        if flow.keeps() {
            let whole = columns.read_kind((plan, kind), &mut self.builder, threads)?;
            let part = Part { account: whole.account, ..Part::new(self.builder.part()) };
            return Ok((part, Hash::Known(whole.hash)));
        }
        let hash = Hash::Known(columns.hash(&plan.file)?);
        Ok((columns.pass_kind((plan, kind), &self.builder, (threads, flow))?, hash))
    }

    /// Reads the rows of a kind, or as the mapping says.
    pub(super) fn read_rows(
        &mut self,
        (name, kind): (&FileName, Option<KindId>),
        opened: OpenedFile,
        flow: &mut Flow<'_, 's>,
    ) -> Result<(), Error> {
        let (mapping, lookups) = (Arc::clone(&self.mapping), Arc::clone(&self.told.lookups));
        let content = match kind {
            Some(kind) => Content::Kind(kind),
            None => match mapping.find(&name.speaking) {
                Some(found) => Content::Mapped(found, &lookups),
                None => return Err(nameless(&name.shown)),
            },
        };
        let plan = FilePlan {
            schema: self.schema,
            file: name.shown.clone(),
            content,
            constants: name.partitions.clone(),
        };
        let mut renames = KindRenames::of(self.schema, kind, &self.options.rename);
        let threads = self.options.threads;
        let mut hash = opened.hash;
        self.builder.share();
        let part = match (&plan.content, opened.source) {
            #[cfg(feature = "parquet")]
            (Content::Kind(kind), Opened::Columns(columns)) => {
                let columns = columns.renaming(&mut renames);
                let (part, known) = self.read_columns(&columns, (&plan, *kind), flow)?;
                hash = known;
                part
            }
            #[cfg(feature = "parquet")]
            (Content::Mapped(..), Opened::Columns(rows)) => {
                hash = Hash::Known(rows.hash(&plan.file)?);
                let mut rows = Streamed { file: plan.file.clone(), rows: *rows };
                portion::read(&plan, &mut rows, &self.builder, (threads, flow))?
            }
            (_, Opened::Rows(mut rows)) => {
                let mut rows = RenamedRows { rows: rows.as_mut(), renames: &mut renames };
                portion::read(&plan, &mut rows, &self.builder, (threads, flow))?
            }
        };
        renames.tell(&name.shown, &mut self.told.renames);
        flow.end(part.builder, &mut self.builder)?;
        self.told.ignored.extend(part.account.ignored);
        self.told.merged.append(part.merged);
        if !part.lookups.is_empty() {
            portion::append_lookups(Arc::make_mut(&mut self.told.lookups), part.lookups);
        }
        if let Content::Mapped(found, _) = &plan.content
            && let Some(note) = found.table
        {
            self.told.preflight.tallies.entry(note.name.clone()).or_default().append(part.tally);
        }
        self.told.files.push(FileRead {
            kind: self.kinds_of(&plan.content),
            file: name.shown.clone(),
            rows: part.account.rows,
            columns: part.account.columns,
            hash: hash.hex(),
            ..FileRead::default()
        });
        Ok(())
    }

    /// The English names of what a file holds.
    fn kinds_of(&self, content: &Content<'_>) -> Option<String> {
        let mut kinds: Vec<KindId> = match content {
            Content::Kind(kind) => vec![*kind],
            Content::Mapped(map, _) => map.records.iter().map(|record| record.kind).collect(),
        };
        kinds.sort_unstable();
        kinds.dedup();
        let names: Vec<&str> =
            kinds.iter().filter_map(|kind| self.schema.kind(*kind)).map(|kind| kind.en.as_str()).collect();
        (!names.is_empty()).then(|| names.join("+"))
    }

    /// Reads every sheet named for a kind; if none is, the first sheet as the file's own name says.
    #[cfg(feature = "xlsx")]
    fn read_workbook(
        &mut self,
        (name, data): (&FileName, &Data),
        flow: &mut Flow<'_, 's>,
    ) -> Result<(), Error> {
        let file = &name.shown;
        let bytes = data.whole().map_err(|error| Error::broken(file, &error))?;
        let hash = hash_of(&bytes);
        let mut book = super::xlsx::Workbook::open(file, bytes.to_vec())?;
        let sheets = book.sheets();
        let mut named: Vec<(String, FileName, Option<KindId>)> = Vec::new();
        for sheet in &sheets {
            let speaking = vec![sheet.trim().to_owned()];
            let shown = format!("{file}#{sheet}");
            let place = FileName { shown, speaking, ..name.clone() };
            let kind = self.schema.find_kind(sheet.trim());
            if self.is_mapped(&place) {
                named.push((sheet.clone(), place, None));
            } else if kind.is_some() {
                named.push((sheet.clone(), place, kind));
            }
        }
        if named.is_empty() {
            let first = sheets.first().ok_or_else(|| Error::file(file, "没有工作表", "no sheets"))?;
            let kind = if self.is_mapped(name) { None } else { Some(self.kind_of(name)?) };
            let shown = format!("{file}#{first}");
            named.push((first.clone(), FileName { shown, ..name.clone() }, kind));
        }
        for (sheet, place, kind) in named {
            let rows = book.rows(&place.shown, &sheet)?;
            let opened = OpenedFile::rows(rows, Hash::Known(hash.clone()));
            self.read_rows((&place, kind), opened, flow)?;
        }
        Ok(())
    }
}

/// A file of no format that is read.
pub(super) fn unknown_format(file: &str) -> Error {
    Error::file(
        file,
        "不认识的文件类型；可读 csv、tsv、ndjson、parquet、xlsx，及其 gz、zst 压缩",
        "unknown type of file; csv, tsv, ndjson, parquet and xlsx are read, also packed as gz or zst",
    )
}

pub(super) fn nameless(file: &str) -> Error {
    Error::file(
        file,
        "文件名不是任何一种记录；请以记录种类命名，如 visit.csv、明细.csv，或使用映射文件",
        "the name of the file is no kind of record; name it for one, such as visit.csv or item.csv, or use a mapping file",
    )
}
