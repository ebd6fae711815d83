using System.Buffers.Binary;
using System.Text;

namespace Latchkey.Ledger;

/// <summary>Reads the fields of a canonical entry; the first missing byte makes it fail, and it stays failed.</summary>
internal ref struct CanonicalReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _rest = bytes;

    public bool Failed { get; private set; }

    public readonly bool AtEnd => !Failed && _rest.IsEmpty;

    public byte Byte() => Take(1) is { Length: 1 } b ? b[0] : (byte)0;

    /// <summary>One byte that is 0 or 1; anything else would be a second encoding of the same entry.</summary>
    public bool Flag()
    {
        byte value = Byte();
        if (value > 1) Failed = true;
        return value == 1;
    }

    public int UInt16() => Take(2) is { Length: 2 } b ? BinaryPrimitives.ReadUInt16BigEndian(b) : 0;

    public long Int64() => Take(8) is { Length: 8 } b ? BinaryPrimitives.ReadInt64BigEndian(b) : 0;

    public Guid Guid() => Take(16) is { Length: 16 } b ? new Guid(b, bigEndian: true) : default;

    public string Ascii()
    {
        ReadOnlySpan<byte> text = Take(Byte());
        return Encoding.ASCII.GetString(text);
    }

    public string? Utf8()
    {
        ReadOnlySpan<byte> text = Take(UInt16());
        try
        {
            return StrictUtf8.GetString(text);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A time in microseconds since 1970, or null where the calendar does not reach.</summary>
    public DateTimeOffset? Instant()
    {
        long microseconds = Int64();
        long limit = (DateTimeOffset.MaxValue.Ticks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        long floor = -DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond;
        return microseconds > limit || microseconds < floor
            ? null
            : DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || count > _rest.Length)
        {
            Failed = true;
            return [];
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
