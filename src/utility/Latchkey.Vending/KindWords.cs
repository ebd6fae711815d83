namespace Latchkey.Vending;

/// <summary>Kinds by the words that commands, addresses and account names spell them with. The words never change.</summary>
internal sealed class KindWords<TKind>(params (TKind Kind, string Word)[] words)
    where TKind : struct, Enum
{
    public IReadOnlyList<TKind> All { get; } = [.. words.Select(w => w.Kind)];

    public string WordOf(TKind kind) => words.First(w => EqualityComparer<TKind>.Default.Equals(w.Kind, kind)).Word;

    public bool TryParse(string? word, out TKind kind)
    {
        (kind, string? found) = words.FirstOrDefault(w => w.Word == word);
        return found is not null;
    }
}
