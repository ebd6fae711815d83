using System.Security.Cryptography;
using Latchkey.HeadEnd.Meters;
using Latchkey.Storage;

namespace Latchkey.Server.Platform;

/// <summary>The master key under which the meters' message keys are kept.</summary>
internal static class MessageKeyFile
{
    private const string FileName = "messages.key";

    public static MessageKeyVault OpenOrCreate(string directory)
    {
        byte[] key = SecretFile.OpenOrCreate(directory, FileName, MessageKeyVault.MasterKeyLength);
        try
        {
            return new MessageKeyVault(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
