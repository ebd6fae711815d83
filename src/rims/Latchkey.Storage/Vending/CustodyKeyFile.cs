using System.Security.Cryptography;
using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>The key-encryption key of software custody, in a file that only its owner may read. Whoever has it and the signer's file has the keys.</summary>
public static class CustodyKeyFile
{
    public const string FileName = "custody.key";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens custody with the file of a data directory; makes the file at the first start.</summary>
    /// <exception cref="StorageException">Others may read the file, or it is not a key.</exception>
    public static SoftwareKeyCustody OpenOrCreate(string directory)
    {
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path)) Create(path);
        RequireOwnerOnly(path);
        byte[] key = File.ReadAllBytes(path);
        try
        {
            return key.Length == SoftwareKeyCustody.KeyEncryptionKeyLength
                ? new SoftwareKeyCustody(key)
                : throw new StorageException(StorageFailure.Damaged, $"{FileName} is not a key of {SoftwareKeyCustody.KeyEncryptionKeyLength} bytes.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static void Create(string path)
    {
        byte[] key = RandomNumberGenerator.GetBytes(SoftwareKeyCustody.KeyEncryptionKeyLength);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using FileStream file = new(path, options);
        file.Write(key);
        file.Flush(flushToDisk: true);
        CryptographicOperations.ZeroMemory(key);
    }

    private static void RequireOwnerOnly(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
            throw new StorageException(StorageFailure.CannotOpen, $"{FileName} may be read by others; set its mode to 600.");
    }
}
