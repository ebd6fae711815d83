using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>A numbered piece of an encoded value.</summary>
public readonly ref struct DataBlock
{
    /// <summary>Makes a block.</summary>
    public DataBlock(bool isLast, uint number, ReadOnlySpan<byte> raw)
    {
        IsLast = isLast;
        Number = number;
        Raw = raw;
    }

    /// <summary>Whether no block follows.</summary>
    public bool IsLast { get; }

    /// <summary>Its number; the first is 1.</summary>
    public uint Number { get; }

    /// <summary>The octets.</summary>
    public ReadOnlySpan<byte> Raw { get; }

    internal static bool TryRead(scoped ref AxdrReader reader, out DataBlock block)
    {
        block = default;
        if (!reader.TryReadFlag(out bool last) || !reader.TryReadUInt32(out uint number)) return false;
        if (!reader.TryReadOctetString(out ReadOnlySpan<byte> raw)) return false;
        block = new DataBlock(last, number, raw);
        return true;
    }

    internal void Write(ref AxdrWriter writer)
    {
        writer.WriteByte(IsLast ? (byte)1 : (byte)0);
        writer.WriteUInt32(Number);
        writer.WriteOctetString(Raw);
    }
}
