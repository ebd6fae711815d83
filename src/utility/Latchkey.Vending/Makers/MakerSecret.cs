namespace Latchkey.Vending.Makers;

/// <summary>A password or key at a maker's service. It is written into requests and nowhere else; printing it says that it is not shown.</summary>
public sealed class MakerSecret
{
    public const int MaxLength = 256;
    private readonly string _text;

    private MakerSecret(string text) => _text = text;

    /// <summary>1 to <see cref="MaxLength"/> characters without control characters.</summary>
    public static bool TryCreate(string? text, out MakerSecret? secret)
    {
        bool isGood = text is { Length: > 0 and <= MaxLength } && !text.Any(char.IsControl);
        secret = isGood ? new MakerSecret(text!) : null;
        return isGood;
    }

    public override string ToString() => "secret (not shown)";

    internal string Reveal() => _text;

    /// <summary>The text without the secret, wherever it stands in it: services repeat what they were sent.</summary>
    internal string Scrub(string text) => text.Replace(_text, "***", StringComparison.Ordinal);
}
