using Latchkey.Quantities;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Vending;

namespace Latchkey.Server.Portal.Shop;

/// <summary>What the cashier says of the payment, and what follows from it: what is to be paid, the change, or what is wrong.</summary>
/// <param name="Handed">As it was typed; empty means exactly what is to be paid.</param>
/// <param name="Coin">The smallest coin in minor units.</param>
public sealed record TenderEntry(Money Amount, TenderKind Kind, string? Handed, long Coin)
{
    public Money ToPay => Amount with { MinorUnits = Amount.MinorUnits - Rounded };

    private long Rounded => Kind == TenderKind.Cash ? Amount.MinorUnits % Coin : 0;

    /// <summary>Null where the entry cannot be read or pays too little.</summary>
    public SaleTender? Tender => Read() is { } handed && new SaleTender(Kind, handed, Rounded) is var tender && tender.Fault(Amount) is null ? tender : null;

    /// <summary>What goes back; null while it is not known.</summary>
    public Money? Change => Tender is { } tender ? Amount with { MinorUnits = tender.Change(Amount.MinorUnits) } : null;

    /// <summary>The word of what is wrong; null where nothing is.</summary>
    public string? Problem => Tender is not null ? null : Read() is { } handed && handed < ToPay.MinorUnits ? "shop.too-little" : "buy.not-an-amount";

    private long? Read()
    {
        if (Kind != TenderKind.Cash || string.IsNullOrWhiteSpace(Handed)) return ToPay.MinorUnits;
        return AmountText.TryRead(Handed, Amount.Currency, out Money handed) ? handed.MinorUnits : null;
    }
}
