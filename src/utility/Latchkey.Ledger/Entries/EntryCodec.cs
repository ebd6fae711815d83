using System.Buffers.Binary;
using System.Text;

namespace Latchkey.Ledger;

/// <summary>The canonical bytes of an entry: what the chain hashes and what the stores keep. One entry has one encoding.</summary>
/// <remarks>
/// Integers are big-endian: version 1 | sequence 8 | id 16 | kind 1 | at 8 (microseconds since 1970 UTC) | refers 0 or 1 + 16 | expires 0 or 1 + 8 |
/// memo 2 + UTF-8 | postings 2, each: account 1 + ASCII | unit 1 + ASCII | amount 8 (two's complement).
/// </remarks>
public static class EntryCodec
{
    private const byte Version = 1;

    public static byte[] Encode(long sequence, JournalEntry entry)
    {
        var output = new MemoryStream(128 + (entry.Postings.Count * 48));
        Span<byte> scratch = stackalloc byte[16];
        output.WriteByte(Version);
        WriteInt64(output, sequence);
        WriteGuid(output, entry.Id, scratch);
        output.WriteByte((byte)entry.Kind);
        WriteInt64(output, ToMicroseconds(entry.At));
        output.WriteByte(entry.Refers is null ? (byte)0 : (byte)1);
        if (entry.Refers is { } refers) WriteGuid(output, refers, scratch);
        output.WriteByte(entry.ExpiresAt is null ? (byte)0 : (byte)1);
        if (entry.ExpiresAt is { } expires) WriteInt64(output, ToMicroseconds(expires));

        byte[] memo = Encoding.UTF8.GetBytes(entry.Memo);
        WriteUInt16(output, checked((ushort)memo.Length));
        output.Write(memo);
        WriteUInt16(output, checked((ushort)entry.Postings.Count));
        foreach (Posting posting in entry.Postings)
        {
            WriteAscii(output, posting.Account.ToString());
            WriteAscii(output, posting.Unit.ToString());
            WriteInt64(output, posting.Amount);
        }

        return output.ToArray();
    }

    /// <summary>Reads canonical bytes; false for anything that <see cref="Encode"/> would not have written. Never throws.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out long sequence, out JournalEntry? entry)
    {
        sequence = 0;
        entry = null;
        var reader = new CanonicalReader(bytes);
        if (reader.Byte() != Version) return false;
        sequence = reader.Int64();
        Guid id = reader.Guid();
        var kind = (EntryKind)reader.Byte();
        if (!Enum.IsDefined(kind)) return false;
        DateTimeOffset? at = reader.Instant();
        Guid? refers = reader.Flag() ? reader.Guid() : null;
        bool expires = reader.Flag();
        DateTimeOffset? expiresAt = expires ? reader.Instant() : null;
        string? memo = reader.Utf8();
        int count = reader.UInt16();
        if (reader.Failed || at is null || memo is null || (expires && expiresAt is null) || count > JournalEntry.MaxPostings) return false;

        var postings = new Posting[count];
        for (int i = 0; i < count; i++)
        {
            bool named = AccountId.TryParse(reader.Ascii(), out AccountId account) & LedgerUnit.TryParse(reader.Ascii(), out LedgerUnit unit);
            postings[i] = new Posting(account, unit, reader.Int64());
            if (!named || reader.Failed) return false;
        }

        if (!reader.AtEnd) return false;
        entry = new JournalEntry(id, kind, at.Value, memo, postings, refers, expiresAt);
        return true;
    }

    internal static long ToMicroseconds(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static void WriteGuid(MemoryStream output, Guid value, Span<byte> scratch)
    {
        value.TryWriteBytes(scratch, bigEndian: true, out _);
        output.Write(scratch);
    }

    private static void WriteInt64(MemoryStream output, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        output.Write(bytes);
    }

    private static void WriteUInt16(MemoryStream output, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        output.Write(bytes);
    }

    private static void WriteAscii(MemoryStream output, string text)
    {
        Span<byte> bytes = stackalloc byte[AccountId.MaxLength];
        int length = Encoding.ASCII.GetBytes(text, bytes);
        output.WriteByte(checked((byte)length));
        output.Write(bytes[..length]);
    }
}
