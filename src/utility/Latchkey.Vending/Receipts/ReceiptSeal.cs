using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Vending;

/// <summary>Seals receipts with the seller's own key, so that a forged paper is found without asking anybody.</summary>
/// <remarks>The key seals papers and nothing else: who steals it can print receipts that check, but no token, and the books do not know those receipts.</remarks>
public sealed class ReceiptSeal : IDisposable
{
    /// <summary>The length of the secret: the private number of a key over P-256.</summary>
    public const int SecretLength = 32;

    private readonly ECDsa _key;

    /// <param name="secret">A random number; the caller clears it.</param>
    /// <exception cref="CryptographicException">The number is zero or not below the order of the curve: draw another.</exception>
    public ReceiptSeal(ReadOnlySpan<byte> secret)
    {
        byte[] number = secret.ToArray();
        try
        {
            _key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = number });
            PublicKey = ReceiptKey.Of(_key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(number);
        }
    }

    /// <summary>What is published.</summary>
    public ReceiptKey PublicKey { get; }

    /// <summary>The sealed statement of a receipt: ASCII, at most <see cref="ReceiptStatement.MaxLength"/> characters, made for a QR code.</summary>
    public string Seal(OrderReceipt receipt)
    {
        string text = ReceiptStatement.Of(receipt, PublicKey.Id).ToString();
        byte[] seal = _key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return text + "|" + Base64Url.EncodeToString(seal);
    }

    public void Dispose() => _key.Dispose();
}
