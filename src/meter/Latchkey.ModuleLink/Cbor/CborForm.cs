namespace Latchkey.ModuleLink.Cbor;

internal enum CborMajorType : byte
{
    Unsigned = 0,
    Negative = 1,
    Bytes = 2,
    Text = 3,
    Array = 4,
    Map = 5,
    Tag = 6,
    Simple = 7,
}

/// <summary>The low five bits of an item's first byte: a small value itself, or the size of the value that follows.</summary>
internal static class CborForm
{
    public const int OneByte = 24;
    public const int TwoBytes = 25;
    public const int FourBytes = 26;
    public const int EightBytes = 27;
}
