using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>The key-encryption key of software custody. Whoever has its file and the signer's has the keys.</summary>
public static class CustodyKeyFile
{
    public const string FileName = "custody.key";

    /// <summary>Opens custody with the file of a data directory; makes the file at the first start.</summary>
    /// <exception cref="StorageException">Others may read the file, or it is not a key.</exception>
    public static SoftwareKeyCustody OpenOrCreate(string directory) => SecretFile.Use(directory, FileName, SoftwareKeyCustody.KeyEncryptionKeyLength, secret => new SoftwareKeyCustody(secret));
}
