//! Arrow columns of answers as the bytes that the core takes.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, BooleanArray, PrimitiveArray};
use arrow_schema::DataType;
use nengli::instrument::columns::MISSING;

/// What stands for a number that no instrument allows: not [`MISSING`], which such a
/// number must never become.
const NEVER_ALLOWED: u8 = 254;

/// Whether a column of this type can hold answers; `truths` where true and false can be
/// among them.
pub(super) fn holds(data_type: &DataType, truths: bool) -> bool {
    match data_type {
        DataType::Boolean => truths,
        DataType::Null => true,
        other => other.is_integer(),
    }
}

/// A column of answers.
pub(super) enum Answers<'b> {
    Int8(&'b PrimitiveArray<Int8Type>),
    Int16(&'b PrimitiveArray<Int16Type>),
    Int32(&'b PrimitiveArray<Int32Type>),
    Int64(&'b PrimitiveArray<Int64Type>),
    UInt8(&'b PrimitiveArray<UInt8Type>),
    UInt16(&'b PrimitiveArray<UInt16Type>),
    UInt32(&'b PrimitiveArray<UInt32Type>),
    UInt64(&'b PrimitiveArray<UInt64Type>),
    Truths(&'b BooleanArray),
    /// A column of nulls alone.
    None,
}

impl<'b> Answers<'b> {
    /// The answers of a column; none where its type cannot hold any.
    pub(super) fn of(column: &'b ArrayRef) -> Option<Self> {
        Some(match column.data_type() {
            DataType::Int8 => Self::Int8(column.as_primitive_opt()?),
            DataType::Int16 => Self::Int16(column.as_primitive_opt()?),
            DataType::Int32 => Self::Int32(column.as_primitive_opt()?),
            DataType::Int64 => Self::Int64(column.as_primitive_opt()?),
            DataType::UInt8 => Self::UInt8(column.as_primitive_opt()?),
            DataType::UInt16 => Self::UInt16(column.as_primitive_opt()?),
            DataType::UInt32 => Self::UInt32(column.as_primitive_opt()?),
            DataType::UInt64 => Self::UInt64(column.as_primitive_opt()?),
            DataType::Boolean => Self::Truths(column.as_boolean_opt()?),
            DataType::Null => Self::None,
            _ => return None,
        })
    }

    /// Rows `start..start + len` as bytes: those of the column itself where they can be
    /// taken as they are, otherwise written to `room`.
    pub(super) fn rows<'o>(&'o self, start: usize, len: usize, room: &'o mut [u8]) -> &'o [u8] {
        let room = room.get_mut(..len).unwrap_or_default();
        match self {
            Self::UInt8(column) => {
                let values = column.values().get(start..start + len).unwrap_or_default();
                if column.null_count() == 0 && values.iter().all(|value| *value != MISSING) {
                    return values;
                }
                write(*column, start, room);
            }
            Self::Int8(column) => write(*column, start, room),
            Self::Int16(column) => write(*column, start, room),
            Self::Int32(column) => write(*column, start, room),
            Self::Int64(column) => write(*column, start, room),
            Self::UInt16(column) => write(*column, start, room),
            Self::UInt32(column) => write(*column, start, room),
            Self::UInt64(column) => write(*column, start, room),
            Self::Truths(column) => {
                let values = column.values().slice(start, room.len());
                for (byte, value) in room.iter_mut().zip(values.iter()) {
                    *byte = u8::from(value);
                }
                nulls(*column, start, room);
            }
            Self::None => room.fill(MISSING),
        }
        room
    }
}

fn write<T>(column: &PrimitiveArray<T>, start: usize, room: &mut [u8])
where
    T: ArrowPrimitiveType,
    u8: TryFrom<T::Native>,
{
    let values = column.values().get(start..).unwrap_or_default();
    for (byte, value) in room.iter_mut().zip(values) {
        *byte = u8::try_from(*value)
            .unwrap_or(NEVER_ALLOWED)
            .min(NEVER_ALLOWED);
    }
    nulls(column, start, room);
}

/// What is null is missing.
fn nulls(column: &dyn Array, start: usize, room: &mut [u8]) {
    let Some(valid) = column.nulls().filter(|valid| valid.null_count() > 0) else {
        return;
    };
    let missing = !&valid.inner().slice(start, room.len());
    for row in missing.set_indices() {
        if let Some(byte) = room.get_mut(row) {
            *byte = MISSING;
        }
    }
}
