namespace Latchkey.Vending;

/// <summary>What a meter has proved of a token, by its words as requests and commands spell it.</summary>
public static class UnusedReasons
{
    private static readonly (UnusedReason Reason, string Word)[] Words =
        [(UnusedReason.RefusedAsOld, "refused-as-old"), (UnusedReason.KeyChanged, "key-changed")];

    public static string WordOf(UnusedReason reason) => Words.First(w => w.Reason == reason).Word;

    public static bool TryParse(string? word, out UnusedReason reason)
    {
        (reason, string? found) = Words.FirstOrDefault(w => w.Word == word);
        return found is not null;
    }
}
