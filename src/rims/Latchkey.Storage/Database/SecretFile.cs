using System.Security.Cryptography;

namespace Latchkey.Storage;

/// <summary>A few random bytes in a file of their own that only its owner may read: what opens the wrapped keys of a data directory.</summary>
public static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads the secret, drawing it at the first start. The caller clears the bytes.</summary>
    /// <exception cref="StorageException">Others may read the file, or it is not as long as it must be.</exception>
    public static byte[] OpenOrCreate(string directory, string fileName, int length)
    {
        string path = Path.Combine(directory, fileName);
        if (!File.Exists(path)) Create(path, length);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
            throw new StorageException(StorageFailure.CannotOpen, $"{fileName} may be read by others; set its mode to 600.");
        byte[] secret = File.ReadAllBytes(path);
        if (secret.Length == length) return secret;
        CryptographicOperations.ZeroMemory(secret);
        throw new StorageException(StorageFailure.Damaged, $"{fileName} is not a key of {length} bytes.");
    }

    /// <summary>What is made of the secret, which is cleared at once.</summary>
    /// <exception cref="StorageException">As <see cref="OpenOrCreate"/>.</exception>
    public static T Use<T>(string directory, string fileName, int length, Func<byte[], T> make)
    {
        byte[] secret = OpenOrCreate(directory, fileName, length);
        try
        {
            return make(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static void Create(string path, int length)
    {
        byte[] secret = RandomNumberGenerator.GetBytes(length);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using FileStream file = new(path, options);
        file.Write(secret);
        file.Flush(flushToDisk: true);
        CryptographicOperations.ZeroMemory(secret);
    }
}
