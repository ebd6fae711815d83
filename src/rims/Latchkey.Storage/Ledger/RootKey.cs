using System.Security.Cryptography;
using Latchkey.Ledger;

namespace Latchkey.Storage.Ledger;

/// <summary>The key that signs published roots, in a file of its own beside the books; its public half is what the keeper publishes.</summary>
public sealed class RootKey : IDisposable
{
    public const string FileName = "root.key";
    private const int ScalarLength = 32;
    private readonly ECDsa _key;

    private RootKey(ECDsa key) => _key = key;

    /// <summary>As PEM.</summary>
    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();

    /// <summary>Opens the key of a data directory, drawing it at the first time.</summary>
    /// <exception cref="StorageException">Others may read the file, or it is not a key.</exception>
    public static RootKey OpenOrCreate(string directory)
    {
        byte[] secret = SecretFile.OpenOrCreate(directory, FileName, ScalarLength);
        try
        {
            ECDsa key = ECDsa.Create();
            key.ImportParameters(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret });
            return new RootKey(key);
        }
        catch (CryptographicException e)
        {
            throw new StorageException(StorageFailure.Damaged, $"{FileName} is not a key.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Signs the newest entry's hash. Run the audit first: what is signed is said to be right.</summary>
    public PublishedRoot Sign(string keeper, AuditReport report, DateTimeOffset at) => report.IsIntact
        ? PublishedRoot.Sign(_key, keeper, report.EntriesRead, report.Head, at)
        : throw new InvalidOperationException("Broken books are not signed.");

    /// <summary>Signs the entry that closes a period. Where it was written after the audit, it must follow from the head that the audit found.</summary>
    /// <param name="keeper">Who keeps the books.</param>
    /// <param name="report">Of an audit of these books.</param>
    /// <param name="closing">The closing entry.</param>
    /// <param name="since">The entries written after the audit, the closing the last; none where the audit has seen it.</param>
    /// <param name="at">Now.</param>
    public PublishedRoot Sign(string keeper, AuditReport report, RecordedEntry closing, IReadOnlyList<RecordedEntry> since, DateTimeOffset at)
    {
        if (!report.IsIntact) throw new InvalidOperationException("Broken books are not signed.");
        ChainHash head = report.Head;
        foreach (RecordedEntry entry in since) head = head.Next(EntryCodec.Encode(entry.Sequence, entry.Entry));
        bool follows = since.Count == 0 ? closing.Sequence <= report.EntriesRead : closing.Sequence == report.EntriesRead + since.Count && head == closing.Hash;
        return follows
            ? PublishedRoot.Sign(_key, keeper, closing.Sequence, closing.Hash, at)
            : throw new InvalidOperationException("The closing does not follow from the books that were audited.");
    }

    public void Dispose() => _key.Dispose();
}
