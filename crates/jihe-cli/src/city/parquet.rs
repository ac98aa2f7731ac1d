//! One record kind of a synthetic city as a Parquet file.
//!
//! In: rows of text. Out: columns of the types the schema gives their fields: decimals, days, times, yes or no, text.
//! Invariant: at most [`ROWS_A_GROUP`] rows are held; every time has a time of day, as all times of a city do.

use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::file::properties::WriterProperties;
use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, StringBuilder,
    TimestampMillisecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use jihe::model::cell::parse_word;
use jihe::model::kinds::base_schema;
use jihe::model::types::Type;
use jihe_synth::Row;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

const ROWS_A_BATCH: usize = 16_384;
const ROWS_A_GROUP: usize = 262_144;
/// Digits of a decimal column, so that it fits 64 bits.
const DIGITS: u8 = 18;

/// A Parquet file being written.
pub(crate) struct ParquetTable {
    schema: SchemaRef,
    columns: Vec<Column>,
    rows: usize,
    writer: ArrowWriter<File>,
}

/// The cells of a column that are not yet in a batch.
enum Column {
    Text(StringBuilder),
    Bool(BooleanBuilder),
    Day(Date32Builder),
    Time(TimestampMillisecondBuilder),
    Decimal(Type, Decimal128Builder),
    Whole(Int64Builder),
}

impl ParquetTable {
    /// Begins a file of a record kind; a header names fields by their English names.
    pub(crate) fn create(path: &Path, kind: &str, header: &[&str]) -> io::Result<Self> {
        let known = base_schema();
        let kind = known.find_kind(kind).and_then(|kind| known.kind(kind));
        let (mut fields, mut columns) = (Vec::new(), Vec::new());
        for name in header {
            let field = kind.and_then(|kind| kind.fields.iter().find(|field| field.en == *name));
            let (data_type, column) = column(field.map_or(Type::Text, |field| field.ty))?;
            fields.push(Field::new(*name, data_type, true));
            columns.push(column);
        }
        let schema: SchemaRef = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_size(ROWS_A_GROUP)
            .build();
        let writer = ArrowWriter::try_new(File::create(path)?, Arc::clone(&schema), Some(properties))?;
        Ok(Self { schema, columns, rows: 0, writer })
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: &Row) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(row.cells()) {
            column.push(cell)?;
        }
        self.rows = self.rows.saturating_add(1);
        if self.rows < ROWS_A_BATCH { Ok(()) } else { self.flush() }
    }

    /// Writes what is left and closes the file.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        self.writer.close()?;
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let arrays: Vec<ArrayRef> = self.columns.iter_mut().map(Column::take).collect();
        self.rows = 0;
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(io::Error::other)?;
        self.writer.write(&batch)?;
        Ok(())
    }
}

/// How a field's type is stored, and a builder for it.
fn column(ty: Type) -> io::Result<(DataType, Column)> {
    let decimal = |scale: i8| {
        let data_type = DataType::Decimal128(DIGITS, scale);
        let builder = Decimal128Builder::new().with_data_type(data_type.clone());
        Ok((data_type, Column::Decimal(ty, builder)))
    };
    match ty {
        Type::Money => decimal(4),
        Type::Number | Type::UnitPrice => decimal(6),
        Type::Bool => Ok((DataType::Boolean, Column::Bool(BooleanBuilder::new()))),
        Type::Date => Ok((DataType::Date32, Column::Day(Date32Builder::new()))),
        Type::Instant => {
            let data_type = DataType::Timestamp(TimeUnit::Millisecond, None);
            Ok((data_type, Column::Time(TimestampMillisecondBuilder::new())))
        }
        Type::Duration(_) | Type::Months => Ok((DataType::Int64, Column::Whole(Int64Builder::new()))),
        Type::Text | Type::Code(_) | Type::Reference(_) => {
            Ok((DataType::Utf8, Column::Text(StringBuilder::new())))
        }
        Type::Age | Type::AgeLimit | Type::Interval | Type::Period(_) | Type::CodeSet(_) => {
            Err(io::Error::other("no field of a record has this type"))
        }
    }
}

impl Column {
    /// Adds a cell; an empty one is missing.
    fn push(&mut self, text: &str) -> io::Result<()> {
        let wrong = || io::Error::other(format!("`{text}` is not of the type of its column"));
        let word = |ty: Type| {
            if text.is_empty() { Ok(None) } else { parse_word(ty, text).map(Some).map_err(|_| wrong()) }
        };
        match self {
            Column::Text(cells) => cells.append_option(Some(text).filter(|text| !text.is_empty())),
            Column::Bool(cells) => cells.append_option(word(Type::Bool)?.map(|word| word == 1)),
            Column::Day(cells) => {
                let day = word(Type::Date)?.map(i32::try_from).transpose().map_err(|_| wrong())?;
                cells.append_option(day);
            }
            Column::Time(cells) => {
                // Half of the word is the second: its lowest bit says that there is a time of day.
                cells.append_option(word(Type::Instant)?.map(|word| (word >> 1).saturating_mul(1_000)));
            }
            Column::Decimal(ty, cells) => cells.append_option(word(*ty)?.map(i128::from)),
            Column::Whole(cells) => {
                let whole = if text.is_empty() { None } else { Some(text.parse().map_err(|_| wrong())?) };
                cells.append_option(whole);
            }
        }
        Ok(())
    }

    fn take(&mut self) -> ArrayRef {
        match self {
            Column::Text(cells) => Arc::new(cells.finish()),
            Column::Bool(cells) => Arc::new(cells.finish()),
            Column::Day(cells) => Arc::new(cells.finish()),
            Column::Time(cells) => Arc::new(cells.finish()),
            Column::Decimal(_, cells) => Arc::new(cells.finish()),
            Column::Whole(cells) => Arc::new(cells.finish()),
        }
    }
}
