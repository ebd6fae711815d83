using System.Security.Cryptography;
using Latchkey.HeadEnd.Meters;

namespace Latchkey.Server.Platform;

/// <summary>The master key under which the meters' message keys are kept, in a file that only its owner may read.</summary>
internal static class MessageKeyFile
{
    private const string FileName = "messages.key";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static MessageKeyVault OpenOrCreate(string directory)
    {
        string path = Path.Combine(directory, FileName);
        if (!File.Exists(path)) Create(path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
            throw new InvalidOperationException($"{FileName} may be read by others; set its mode to 600.");
        byte[] key = File.ReadAllBytes(path);
        try
        {
            return new MessageKeyVault(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static void Create(string path)
    {
        byte[] key = RandomNumberGenerator.GetBytes(MessageKeyVault.MasterKeyLength);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using FileStream file = new(path, options);
        file.Write(key);
        file.Flush(flushToDisk: true);
        CryptographicOperations.ZeroMemory(key);
    }
}
