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
        byte[] bytes = new byte[LengthOf(entry)];
        var to = new CanonicalWriter(bytes);
        to.Byte(Version);
        to.Int64(sequence);
        to.Guid(entry.Id);
        to.Byte((byte)entry.Kind);
        to.Int64(ToMicroseconds(entry.At));
        to.Byte(entry.Refers is null ? (byte)0 : (byte)1);
        if (entry.Refers is { } refers) to.Guid(refers);
        to.Byte(entry.ExpiresAt is null ? (byte)0 : (byte)1);
        if (entry.ExpiresAt is { } expires) to.Int64(ToMicroseconds(expires));
        to.Utf8(entry.Memo);
        to.UInt16(checked((ushort)entry.Postings.Count));
        for (int i = 0; i < entry.Postings.Count; i++)
        {
            Posting posting = entry.Postings[i];
            to.Ascii(posting.Account.ToString());
            to.Ascii(posting.Unit.ToString());
            to.Int64(posting.Amount);
        }

        return to.AtEnd ? bytes : throw new System.Diagnostics.UnreachableException("The length of an entry was reckoned wrongly.");
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
        if (reader.Failed || at is null || memo is null || (expires && expiresAt is null) || count > JournalEntry.MostPostings(kind)) return false;

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

    private static int LengthOf(JournalEntry entry)
    {
        int length = 1 + 8 + 16 + 1 + 8 + 1 + (entry.Refers is null ? 0 : 16) + 1 + (entry.ExpiresAt is null ? 0 : 8)
            + 2 + Encoding.UTF8.GetByteCount(entry.Memo) + 2;
        for (int i = 0; i < entry.Postings.Count; i++)
            length += 1 + entry.Postings[i].Account.ToString().Length + 1 + entry.Postings[i].Unit.ToString().Length + 8;
        return length;
    }
}
