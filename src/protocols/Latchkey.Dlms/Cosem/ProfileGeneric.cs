using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>The rows behind a profile, oldest first.</summary>
public interface IProfileRows
{
    /// <summary>Rows held now.</summary>
    int Count { get; }

    /// <summary>The instant of a row, in seconds since 1970-01-01 UTC, never falling from row to row.</summary>
    long TimeOf(int row);

    /// <summary>Writes the value of one column of one row.</summary>
    void WriteColumn(int row, int column, ref AxdrWriter writer);
}

/// <summary>Profile generic: rows of captured values, by range of time or by number.</summary>
/// <remarks>The first column must be the clock. Source: IEC 62056-6-2, Profile generic (class_id 7, version 1).</remarks>
public sealed class ProfileGeneric(LogicalName name, CaptureObject[] columns, uint capturePeriodS, uint capacity, IProfileRows rows)
    : CosemObject(InterfaceClass.ProfileGeneric, 1, name, 8, 2)
{
    /// <summary>What a time without deviation is meant in, in minutes; null for UTC.</summary>
    public Func<short>? Deviation { get; init; }

    /// <summary>Whether the instants of the rows never fall; where the clock may be set back they do.</summary>
    public bool InOrder { get; init; } = true;

    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        switch (attribute)
        {
            case 2:
                return new ProfileSelection(columns, rows, Deviation?.Invoke() ?? 0, InOrder).Read(selection, ref writer);
            case 3:
                writer.Array(columns.Length);
                foreach (CaptureObject column in columns) column.Write(ref writer);
                break;
            case 4:
                writer.DoubleLongUnsigned(capturePeriodS);
                break;
            case 5:
                writer.Enum(1);
                break;
            case 6:
                columns[0].Write(ref writer);
                break;
            case 7:
                writer.DoubleLongUnsigned((uint)rows.Count);
                break;
            default:
                writer.DoubleLongUnsigned(capacity);
                break;
        }

        return DataAccessResult.Success;
    }
}
