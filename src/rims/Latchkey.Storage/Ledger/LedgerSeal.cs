using System.Security.Cryptography;
using Latchkey.Ledger;

namespace Latchkey.Storage.Ledger;

/// <summary>
/// A MAC over the newest entry, under a key that lies beside the database and not in it: whoever can write the file but not read the key can forge
/// entries that follow from each other, but not this. Written with every commit; looked at before the first posting after anybody else has written,
/// and before any token is made.
/// </summary>
public sealed class LedgerSeal : IDisposable
{
    public const string FileName = "books.key";
    public const int KeyLength = 32;
    private readonly byte[] _key;

    private LedgerSeal(byte[] key) => _key = key;

    /// <summary>Opens the key of a data directory; at the first start it is drawn, and the books are sealed as they stand.</summary>
    public static LedgerSeal OpenOrCreate(string directory, SqliteDatabase database)
    {
        bool isNew = !File.Exists(Path.Combine(directory, FileName));
        var seal = new LedgerSeal(SecretFile.OpenOrCreate(directory, FileName, KeyLength));
        database.Attach(seal);
        if (isNew) database.WriteAsync(seal.Write, CancellationToken.None).GetAwaiter().GetResult();
        return seal;
    }

    /// <summary>For an audit of a copy: null where the key is not there.</summary>
    public static LedgerSeal? OpenIfThere(string directory) => File.Exists(Path.Combine(directory, FileName))
        ? new LedgerSeal(SecretFile.OpenOrCreate(directory, FileName, KeyLength))
        : null;

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    /// <summary>Throws where the books do not end as this program left them.</summary>
    /// <exception cref="StorageException">Somebody else has written to the journal.</exception>
    internal void Require(SqliteSession session)
    {
        if (!IsIntact(session))
            throw new StorageException(StorageFailure.Damaged, "The journal does not end as this program left it: somebody else has written to it. Run the audit.");
    }

    internal bool IsIntact(SqliteSession session)
    {
        SqliteStatement mark = session.Statement(
            "SELECT m.newest, m.seal, e.sequence, e.hash FROM ledger_mark m LEFT JOIN (SELECT sequence, hash FROM ledger_entry ORDER BY sequence DESC LIMIT 1) e");
        if (!mark.Step()) return false;
        bool isLast = mark.Integer(0) == mark.Integer(2);
        ReadOnlySpan<byte> hash = mark.IsNull(3) ? ChainHash.Genesis.ToArray() : mark.Blob(3);
        bool intact = isLast && CryptographicOperations.FixedTimeEquals(mark.Blob(1), Mac(mark.Integer(0), hash));
        mark.Reset();
        return intact;
    }

    /// <summary>Seals the books as they stand.</summary>
    internal void Write(SqliteSession session)
    {
        SqliteStatement last = session.Statement("SELECT sequence, hash FROM ledger_entry ORDER BY sequence DESC LIMIT 1");
        (long sequence, byte[] hash) = last.Step() ? (last.Integer(0), last.Blob(1).ToArray()) : (0, ChainHash.Genesis.ToArray());
        last.Reset();
        Write(session, sequence, hash);
    }

    internal void Write(SqliteSession session, long sequence, ReadOnlySpan<byte> hash) =>
        session.Statement("UPDATE ledger_mark SET newest = ?1, seal = ?2").Bind(1, sequence).Bind(2, Mac(sequence, hash).AsSpan()).Run();

    private byte[] Mac(long sequence, ReadOnlySpan<byte> hash)
    {
        Span<byte> content = stackalloc byte[8 + ChainHash.Size];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(content, sequence);
        hash[..Math.Min(hash.Length, ChainHash.Size)].CopyTo(content[8..]);
        return HMACSHA256.HashData(_key, content);
    }
}
