namespace Latchkey.Vending;

/// <summary>What a meter has proved of a token, by its words as requests and commands spell it.</summary>
public static class UnusedReasons
{
    private static readonly KindWords<UnusedReason> Words = new((UnusedReason.RefusedAsOld, "refused-as-old"), (UnusedReason.KeyChanged, "key-changed"));

    public static string WordOf(UnusedReason reason) => Words.WordOf(reason);

    public static bool TryParse(string? word, out UnusedReason reason) => Words.TryParse(word, out reason);
}
