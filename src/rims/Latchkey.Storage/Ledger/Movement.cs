using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Latchkey.Storage.Ledger;

/// <summary>One line of an account's statement: the entry it comes from and the amount, debit above zero.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Movement(long Sequence, long Amount)
{
    private const int Size = 16;

    public static byte[] Pack(IReadOnlyList<Movement> movements)
    {
        byte[] packed = new byte[movements.Count * Size];
        for (int i = 0; i < movements.Count; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(packed.AsSpan(i * Size), movements[i].Sequence);
            BinaryPrimitives.WriteInt64BigEndian(packed.AsSpan((i * Size) + 8), movements[i].Amount);
        }

        return packed;
    }

    /// <exception cref="StorageException">The bytes are not whole movements.</exception>
    public static IEnumerable<Movement> Unpack(byte[] packed)
    {
        if (packed.Length % Size != 0) throw new StorageException(StorageFailure.Damaged, "A statement of the ledger cannot be read; run the audit.");
        for (int at = 0; at < packed.Length; at += Size)
        {
            yield return new Movement(
                BinaryPrimitives.ReadInt64BigEndian(packed.AsSpan(at)), BinaryPrimitives.ReadInt64BigEndian(packed.AsSpan(at + 8)));
        }
    }
}
