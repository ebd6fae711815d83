using Latchkey.Storage;
using Latchkey.Vending;

namespace Latchkey.Server.Platform;

/// <summary>The seller's key of receipts, drawn at the first start.</summary>
internal static class ReceiptKeyFile
{
    private const string FileName = "receipts.key";

    public static ReceiptSeal OpenOrCreate(string directory) => SecretFile.Use(directory, FileName, ReceiptSeal.SecretLength, secret => new ReceiptSeal(secret));
}
