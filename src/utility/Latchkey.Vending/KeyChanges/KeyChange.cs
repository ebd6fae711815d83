using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>When a meter is given its new key. Numbers are stored.</summary>
public enum KeyChangePolicy
{
    /// <summary>When somebody asks for it; until then it buys under its present key.</summary>
    OnRequest = 1,

    /// <summary>With the next purchase.</summary>
    WithNextPurchase = 2,
}

/// <summary>Where a meter's change of key stands. Numbers are stored.</summary>
public enum KeyChangeState
{
    Planned = 1,

    /// <summary>The tokens are made; whatever is sold from now on is under the new key, and the set goes with it until it is known to be in the meter.</summary>
    Issued = 2,

    /// <summary>The meter has taken a token of the new key, or a person has seen it.</summary>
    Done = 3,
}

/// <summary>A meter's way from one key to another.</summary>
/// <param name="TakesThirdToken">Whether the meter takes the token that tells its supply group.</param>
/// <param name="Tid">The minute at which the set was made; the tokens themselves carry no identifier.</param>
/// <param name="Tokens">In the order in which they are to be typed; empty until they are made.</param>
public sealed record KeyChange(
    Guid Id, DecoderKeyAttributes From, DecoderKeyAttributes To, bool TakesThirdToken, KeyChangePolicy Policy, KeyChangeState State, DateTimeOffset At,
    TokenIdentifier? Tid, IReadOnlyList<TokenNumber> Tokens)
{
    public MeterPan Pan => From.Pan;

    public Guid EntryId => DerivedId.Of(Id, "key change");

    /// <summary>How many tokens it takes.</summary>
    public int TokenCount => (int)new MeterKeyRecord(From, TakesThirdToken).KeyChangeForm;
}

/// <summary>Where changes of keys are kept; a meter has one at a time.</summary>
public interface IKeyChangeStore
{
    KeyChange? Find(MeterPan pan);

    /// <summary>The meter's present change one of whose tokens this is; null where there is none.</summary>
    KeyChange? FindByToken(TokenNumber token);

    /// <summary>Runs a step whole or not at all, together with the books.</summary>
    Task<T> UpdateAsync<T>(Func<IVendingBooks, IKeyChangeBooks, T> step, CancellationToken cancellationToken);
}

/// <summary>Changes of keys inside one transaction.</summary>
public interface IKeyChangeBooks
{
    KeyChange? Find(MeterPan pan);

    /// <param name="today">The seller's day: a programme that the meter is in counts its progress by it.</param>
    void Save(KeyChange change, DateOnly today);

    /// <summary>What is sold to the meter from now on is under this key.</summary>
    void MoveMeter(MeterRecord meter, DecoderKeyAttributes key);
}

/// <summary>The signer's part of a change of keys: it alone can make a meter's new key.</summary>
public interface IKeyChangeSigner
{
    /// <summary>The tokens of a change that the books have committed; the same whenever it is asked again.</summary>
    Task<KeyChangeSigned> SignAsync(KeyChange change, HeldEntry posted, CancellationToken cancellationToken);
}

/// <summary>A set of tokens, or the code of why there is none.</summary>
public sealed record KeyChangeSigned(string? Refusal, IReadOnlyList<TokenNumber> Tokens);

/// <summary>What became of a wish for a change of keys.</summary>
public abstract record KeyChangeOutcome
{
    private KeyChangeOutcome()
    {
    }

    public sealed record Issued(KeyChange Change) : KeyChangeOutcome;

    public sealed record Declined(string Code, string Detail) : KeyChangeOutcome;
}
