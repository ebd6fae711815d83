using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Ledger;

/// <summary>
/// The head of the chain as it was at a time, under a signature, handed out of the keeper's reach: to the regulator, the bank, the newspaper. Whoever
/// has it and the published key can hold the books to it for ever: the entry of that number must still have that hash.
/// </summary>
/// <param name="Signature">ECDSA over P-256 with SHA-256 of <see cref="Text"/>, as r and s.</param>
public sealed record PublishedRoot(string Keeper, long Sequence, ChainHash Head, DateTimeOffset At, ReadOnlyMemory<byte> Signature)
{
    private const string Title = "latchkey ledger root v1";
    private const int SignatureLength = 64;
    private const int MaxKeeperLength = 100;

    /// <summary>What is signed: four lines.</summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture, $"{Title}\nkeeper: {Keeper}\nentry: {Sequence} {Head}\nat: {At.ToUniversalTime():yyyy-MM-dd'T'HH:mm:ss'Z'}\n");

    /// <summary>The text and the signature: what is published.</summary>
    public string Document => Text + "signature: " + Convert.ToHexStringLower(Signature.Span) + "\n";

    /// <summary>Signs a head. The keeper's name must be one line.</summary>
    public static PublishedRoot Sign(ECDsa key, string keeper, long sequence, ChainHash head, DateTimeOffset at)
    {
        if (!IsName(keeper)) throw new ArgumentException("The keeper's name is 1 to 100 characters on one line.", nameof(keeper));
        var root = new PublishedRoot(keeper, sequence, head, at, default);
        return root with { Signature = key.SignData(Encoding.UTF8.GetBytes(root.Text), HashAlgorithmName.SHA256) };
    }

    /// <summary>Reads a published document; false for anything else. The signature is not checked here.</summary>
    public static bool TryParse(string? document, out PublishedRoot? root)
    {
        root = null;
        if (document?.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries) is not [Title, var keeper, var entry, var at, var signature]) return false;
        if (!Take(keeper, "keeper: ", out string name) || !Take(entry, "entry: ", out string numbered) || !Take(at, "at: ", out string time)
            || !Take(signature, "signature: ", out string seal)) return false;
        if (numbered.Split(' ') is not [var number, var hash] || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)) return false;
        if (!TryHex(hash, ChainHash.Size, out byte[] head) || !TryHex(seal, SignatureLength, out byte[] bytes) || !IsName(name)) return false;
        if (!DateTimeOffset.TryParseExact(
            time, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment)) return false;
        root = new PublishedRoot(name, sequence, new ChainHash(head), moment, bytes);
        return true;
    }

    /// <summary>True where the published key has signed it.</summary>
    public bool IsSignedBy(ECDsa key) => key.VerifyData(Encoding.UTF8.GetBytes(Text), Signature.Span, HashAlgorithmName.SHA256);

    private static bool IsName(string name) => name.Length is > 0 and <= MaxKeeperLength && !name.Any(char.IsControl);

    private static bool Take(string line, string label, out string value)
    {
        bool there = line.StartsWith(label, StringComparison.Ordinal);
        value = there ? line[label.Length..] : string.Empty;
        return there;
    }

    private static bool TryHex(string text, int length, out byte[] bytes)
    {
        bytes = new byte[length];
        return text.Length == length * 2 && Convert.FromHexString(text, bytes, out _, out int written) == System.Buffers.OperationStatus.Done && written == length;
    }
}
