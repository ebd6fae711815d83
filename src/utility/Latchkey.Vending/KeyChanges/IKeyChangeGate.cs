using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>What a sale asks about the meter's key: may it be sold to, what must go with it.</summary>
public interface IKeyChangeGate
{
    /// <summary>Null where the meter may be sold to; otherwise the code and what to do. The same for a trial and for a sale.</summary>
    (string Code, string Detail)? RefusalOf(IVendingBooks books, MeterRecord meter, DateTimeOffset now);

    /// <summary>True where a purchase now would bring the meter a new key. Every sale asks it, inside its transaction.</summary>
    bool IsDue(IVendingBooks books, MeterRecord meter, DateTimeOffset now);

    /// <summary>Makes what goes with a purchase, so that it is sold under the new key. Nothing where nothing is due.</summary>
    Task PrepareAsync(MeterPan pan, CancellationToken cancellationToken);

    /// <summary>What is to be typed before a token that is sold under this key; none where the meter is known to have it.</summary>
    /// <param name="change">The meter's newest change of keys, if it has one.</param>
    IReadOnlyList<TokenNumber> TokensBefore(KeyChange? change, in DecoderKeyAttributes key);

    /// <summary>The meter has taken a token.</summary>
    Task CreditedAsync(MeterPan pan, CancellationToken cancellationToken);
}

/// <summary>A seller without changes of keys.</summary>
public sealed class NoKeyChanges : IKeyChangeGate
{
    public static NoKeyChanges Instance { get; } = new();

    public (string Code, string Detail)? RefusalOf(IVendingBooks books, MeterRecord meter, DateTimeOffset now) => null;

    public bool IsDue(IVendingBooks books, MeterRecord meter, DateTimeOffset now) => false;

    public Task PrepareAsync(MeterPan pan, CancellationToken cancellationToken) => Task.CompletedTask;

    public IReadOnlyList<TokenNumber> TokensBefore(KeyChange? change, in DecoderKeyAttributes key) => [];

    public Task CreditedAsync(MeterPan pan, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Brings sets of key-change tokens to meters without a customer's hand.</summary>
public interface IKeyChangeCarrier
{
    /// <summary>True where the meter has a module that can be reached.</summary>
    bool Reaches(MeterPan pan);

    /// <summary>Sends the set, ahead of any credit; the same change again sends nothing twice.</summary>
    void Carry(KeyChange change);
}
