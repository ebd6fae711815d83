namespace Latchkey.Dlms.Axdr;

internal static class DataTags
{
    /// <summary>The size of a value whose type fixes it, without its tag; -1 where the content says its own size.</summary>
    public static int FixedSize(DataTag tag) => tag switch
    {
        DataTag.NullData or DataTag.DontCare => 0,
        DataTag.Boolean or DataTag.Bcd or DataTag.Integer or DataTag.Unsigned or DataTag.Enum => 1,
        DataTag.DeltaInteger or DataTag.DeltaUnsigned => 1,
        DataTag.Long or DataTag.LongUnsigned or DataTag.DeltaLong or DataTag.DeltaLongUnsigned => 2,
        DataTag.DoubleLong or DataTag.DoubleLongUnsigned or DataTag.Float32 or DataTag.Time => 4,
        DataTag.DeltaDoubleLong or DataTag.DeltaDoubleLongUnsigned => 4,
        DataTag.Date => 5,
        DataTag.Long64 or DataTag.Long64Unsigned or DataTag.Float64 => 8,
        DataTag.DateTime => 12,
        _ => -1,
    };

    public static bool IsString(DataTag tag) => tag is DataTag.OctetString or DataTag.VisibleString or DataTag.Utf8String;
}
