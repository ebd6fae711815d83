using System.Security.Cryptography;
using Latchkey.Storage;
using Latchkey.Vending;

namespace Latchkey.Server.Platform;

/// <summary>The seller's key of receipts, drawn at the first start.</summary>
internal static class ReceiptKeyFile
{
    private const string FileName = "receipts.key";

    public static ReceiptSeal OpenOrCreate(string directory)
    {
        byte[] secret = SecretFile.OpenOrCreate(directory, FileName, ReceiptSeal.SecretLength);
        try
        {
            return new ReceiptSeal(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
