using Latchkey.HeadEnd.Meters;
using Latchkey.Storage;

namespace Latchkey.Server.Platform;

/// <summary>The master key under which the meters' message keys are kept.</summary>
internal static class MessageKeyFile
{
    private const string FileName = "messages.key";

    public static MessageKeyVault OpenOrCreate(string directory) => SecretFile.Use(directory, FileName, MessageKeyVault.MasterKeyLength, secret => new MessageKeyVault(secret));
}
