using System.Buffers.Binary;
using System.Text;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>What the signer put its name to. Numbers are stored.</summary>
public enum SignatureKind
{
    Credit = 1,
    Management = 2,

    /// <summary>A promise that this entry will never have a token.</summary>
    Cancelled = 3,
}

/// <summary>One line of the signer's own journal. It never holds a token, only its hash.</summary>
/// <param name="Number">1 for the first, without gaps.</param>
/// <param name="Mac">Over the one before it and this line's content, under a key that is not in the database: lines cannot be added, changed or dropped by who has only the file.</param>
public sealed record SignatureRecord(
    long Number,
    Guid OrderId,
    SignatureKind Kind,
    string KeyId,
    MeterPan Pan,
    int BaseYear,
    TokenIdentifier Tid,
    long Tenths,
    long MinorUnits,
    Guid EntryId,
    ReadOnlyMemory<byte> TokenHash,
    ReadOnlyMemory<byte> Mac)
{
    public const int HashLength = 32;

    /// <summary>True where the same thing was signed.</summary>
    public bool HasSameContentAs(SignatureRecord other) =>
        (OrderId, Kind, KeyId, Pan, BaseYear, Tid, Tenths, MinorUnits, EntryId) ==
        (other.OrderId, other.Kind, other.KeyId, other.Pan, other.BaseYear, other.Tid, other.Tenths, other.MinorUnits, other.EntryId)
        && TokenHash.Span.SequenceEqual(other.TokenHash.Span);

    /// <summary>What the MAC covers, besides the MAC before it.</summary>
    internal byte[] CanonicalBytes()
    {
        byte[] key = Encoding.ASCII.GetBytes(KeyId);
        byte[] bytes = new byte[8 + 16 + 1 + 1 + key.Length + 8 + 2 + 4 + 8 + 8 + 16 + TokenHash.Length];
        Span<byte> rest = bytes;
        BinaryPrimitives.WriteInt64BigEndian(rest, Number);
        OrderId.TryWriteBytes(rest[8..], bigEndian: true, out _);
        rest[24] = (byte)Kind;
        rest[25] = checked((byte)key.Length);
        key.CopyTo(rest[26..]);
        rest = rest[(26 + key.Length)..];
        BinaryPrimitives.WriteUInt64BigEndian(rest, Pan.Value);
        BinaryPrimitives.WriteUInt16BigEndian(rest[8..], checked((ushort)BaseYear));
        BinaryPrimitives.WriteUInt32BigEndian(rest[10..], Tid.Minutes);
        BinaryPrimitives.WriteInt64BigEndian(rest[14..], Tenths);
        BinaryPrimitives.WriteInt64BigEndian(rest[22..], MinorUnits);
        EntryId.TryWriteBytes(rest[30..], bigEndian: true, out _);
        TokenHash.Span.CopyTo(rest[46..]);
        return bytes;
    }
}
