using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Vending;

/// <summary>Ids of what follows from an order. Derived, not drawn: after a crash the same step has the same id, and the books refuse to take it twice.</summary>
internal static class DerivedId
{
    public static Guid Of(Guid origin, string step)
    {
        Span<byte> input = stackalloc byte[16 + 32];
        origin.TryWriteBytes(input, bigEndian: true, out _);
        int length = 16 + Encoding.ASCII.GetBytes(step, input[16..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..length], hash);

        // RFC 9562: version 8, a name-based id of one's own making.
        // The first half is the origin's: where that is ordered by time (version 7), what follows from it stays together on the disk.
        input[..8].CopyTo(hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>True where one follows from the other, or both from a third: their first halves are one.</summary>
    public static bool HaveOneOrigin(Guid left, Guid right)
    {
        Span<byte> a = stackalloc byte[16], b = stackalloc byte[16];
        left.TryWriteBytes(a, bigEndian: true, out _);
        right.TryWriteBytes(b, bigEndian: true, out _);

        // The version stands in the seventh byte: an order's own id may be of any.
        return a[..6].SequenceEqual(b[..6]) && (a[6] & 0x0F) == (b[6] & 0x0F) && a[7] == b[7];
    }
}
