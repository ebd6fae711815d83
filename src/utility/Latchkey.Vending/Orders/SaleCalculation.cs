using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>From a wish and the books to terms. The trial and the sale both come here, so they cannot differ.</summary>
internal sealed class SaleCalculation(VendingOptions options, TariffBook tariffs)
{
    private const int MonthsOfAverage = 3;

    /// <summary>Null and the terms, or the code and detail of a refusal.</summary>
    public (string Code, string Detail)? Calculate(IVendingBooks books, PlaceOrder command, DateTimeOffset now, out SaleTerms? terms)
    {
        terms = null;
        if (options.FindChannel(command.Channel) is not { } channel) return (VendingCodes.UnknownChannel, $"There is no channel '{command.Channel}'.");
        if (CheckCommand(command, channel) is { } wrong) return wrong;
        if (books.FindMeter(command.Pan) is not { } meter) return (VendingCodes.UnknownMeter, $"Meter {command.Pan} is not known here.");
        if (meter.IsBlocked) return (VendingCodes.MeterBlocked, $"Nothing is sold to meter {command.Pan} at present.");
        string? make = options.Makers.CodeOf(meter.Make);
        if (make is not null && meter.CreditsMoney) return (VendingCodes.TokenKindNotOffered, "The maker's service of this meter sells energy; the meter keeps its account in money.");
        if (make is null && options.KeyGate.RefusalOf(books, meter, now) is { } dark) return dark;
        DateOnly today = options.Day(now);
        if (channel.Funding == FundingKind.Grant) return Granted(books, command, meter, make, today, out terms);
        string tariffId = channel.TariffId ?? meter.TariffId;
        if (tariffs.InForce(tariffId, today) is not { } tariff) return (VendingCodes.NoTariff, $"Tariff '{tariffId}' is not in force today.");
        if (tariff.CurrencyCode != command.Amount.Currency.Code)
            return (VendingCodes.CurrencyMismatch, $"The tariff is in {tariff.CurrencyCode}, the money in {command.Amount.Currency}.");

        string blocks = SalePeriods.Blocks(tariff, meter, today);
        if (meter.CreditsMoney) return Money(books, command, channel, tariff, meter, blocks, today, out terms);
        if (State(books, command, tariff, meter, blocks, today) is not { } state) return Refusal(PriceRefusal.DemandUnknown);

        // A fund that gives energy away does not pay the household's debts, nor does it leave or spend what the household's purchases leave.
        long residue = Residue(books, command, channel);
        if (channel.TariffId is not null && tariff.Rounding == EnergyRounding.Carry) tariff = tariff with { Rounding = EnergyRounding.Up };
        Debt[] debts = channel.TariffId is null ? [.. books.Debts(command.Pan).Select(d => d.ForQuote)] : [];
        switch (Quoting.For(tariff, command.Amount, state, debts, options.Debts, Carriable, residue))
        {
            case QuoteOutcome.Refused { Reason: var reason }:
                return Refusal(reason);
            case QuoteOutcome.Quoted { Quote: var quote }:
                terms = Terms(quote, meter, make, blocks, SalePeriods.Fixed(today));
                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>What was approved for this very order: no price, the units as they stand in the approval.</summary>
    private static (string Code, string Detail)? Granted(IVendingBooks books, PlaceOrder command, MeterRecord meter, string? make, DateOnly today, out SaleTerms? terms)
    {
        terms = null;
        if (books.FindApproval(command.OrderId) is not { } approval) return (VendingCodes.ApproversMissing, "Nobody has approved this: ask for an approval, and have another person give it.");
        if (Grants.EffectOf(command, approval.Effect.Amount) != approval.Effect) return (VendingCodes.ApprovalMismatch, "What is asked for now is not what was approved.");
        if (Carriable(approval.Effect.Amount) != approval.Effect.Amount) return (VendingCodes.AmountTooHigh, "One token cannot carry exactly this energy.");
        terms = Grants.TermsOf(approval, meter, today) with { Make = make };
        return null;
    }

    /// <summary>The meter keeps its account in money: charges, taxes and blocks are its own affair, debts are ours.</summary>
    private (string Code, string Detail)? Money(
        IVendingBooks books, PlaceOrder command, SalesChannel channel, Tariff tariff, MeterRecord meter, string blocks, DateOnly today, out SaleTerms? terms)
    {
        terms = null;
        Debt[] debts = channel.TariffId is null ? [.. books.Debts(command.Pan).Select(d => d.ForQuote)] : [];
        if (MoneySale.Lines(tariff, command.Amount, debts, options.Debts, Residue(books, command, channel), out long prepaid) is not { } lines) return (VendingCodes.AmountTooLow, "Debts take all of the amount.");
        if (!MoneySale.TryCarry(prepaid, command.Amount.Currency, out CurrencyAmount amount)) return (VendingCodes.AmountTooHigh, "One token cannot carry as much money.");
        terms = new SaleTerms(
            meter.Key, tariff.Id, tariff.Valid.From, UnitsAsked: "0", TenthsGranted: 0, MoneySale.Rounding(prepaid, amount, command.Amount.Currency), lines,
            blocks, SalePeriods.Fixed(today), meter.CustomerAccount, meter.Place) { PrepaidMinorUnits = prepaid };
        return null;
    }

    /// <summary>What earlier purchases of the meter left, in minor units. Asked only where some tariff leaves any; below zero where a sale was taken back whose residue was spent.</summary>
    private long Residue(IVendingBooks books, PlaceOrder command, SalesChannel channel) => tariffs.Carries && channel.TariffId is null
        ? ResidueAccount.Available(books.FindAccount(ResidueAccount.Of(command.Pan, command.Amount.Currency)))
        : 0;

    /// <summary>The demand that charges per kW are reckoned by today; null where none is known.</summary>
    private static Rational? Kilowatts(MeterRecord meter, DateOnly today) =>
        meter.Demand is { IsValid: true } demand && demand.HoldsOn(today) ? new Rational(demand.Watts, 1_000) : null;

    private static (string Code, string Detail)? CheckCommand(PlaceOrder command, SalesChannel channel)
    {
        if (command.OrderId == Guid.Empty) return (VendingCodes.OrderIdMissing, "A purchase needs an id.");
        if (command.PaymentReference?.Length > PlaceOrder.MaxTextLength || command.Operator?.Length > PlaceOrder.MaxTextLength || command.Terminal?.Length > PlaceOrder.MaxTextLength)
            return (VendingCodes.TextTooLong, $"References and names have at most {PlaceOrder.MaxTextLength} characters.");
        if (channel.Funding == FundingKind.Grant) return command.Amount.MinorUnits == 0 ? null : (VendingCodes.AmountTooHigh, "Nothing is paid for this.");
        if (command.Amount.MinorUnits <= 0) return (VendingCodes.AmountZero, "The amount must be above zero.");
        if (command.Tender?.Fault(command.Amount) is { } tender) return (VendingCodes.TenderWrong, $"The payment cannot be taken: {tender}.");
        if (command.Amount.MinorUnits < channel.Minimum) return (VendingCodes.AmountTooLow, "The amount is below the channel's least.");
        return command.Amount.MinorUnits > channel.Maximum ? (VendingCodes.AmountTooHigh, "The amount is above the channel's most.") : null;
    }

    private PurchaseState? State(IVendingBooks books, PlaceOrder command, Tariff tariff, MeterRecord meter, string blocks, DateOnly today)
    {
        long minorPerMajor = command.Amount.Currency.MinorPerMajor;
        var standing = new FixedStanding(meter.Anniversary, Kilowatts(meter, today), (name, month) => new Rational(
            books.Totals(command.Pan, SalePeriods.Of(SalePeriods.Fixed(month), name)).FixedMinorUnits, minorPerMajor));
        if (FixedAccrual.Due(tariffs, tariff, today, standing) is not { } due) return null;

        // Steps of the size of one purchase begin with it; all others go on from where the period stands.
        Rational before = tariff.Accumulation == Accumulation.Purchase
            ? Rational.Zero
            : new Rational(books.Totals(SalePeriods.KeeperOf(command.Pan, blocks), blocks).Tenths, 10);
        return new PurchaseState(before, Rational.Zero, Average(books, command, tariff, meter, today)) { FixedDue = due };
    }

    /// <summary>The monthly average of the three months before this one; null for tariffs that do not ask, and for customers without a past.</summary>
    private static Rational? Average(IVendingBooks books, PlaceOrder command, Tariff tariff, MeterRecord meter, DateOnly today)
    {
        if (tariff.Accumulation != Accumulation.AverageBand) return null;
        long tenths = Enumerable.Range(1, MonthsOfAverage).Sum(back =>
        {
            string period = SalePeriods.Blocks(tariff, meter, today.AddMonths(-back));
            return books.Totals(SalePeriods.KeeperOf(command.Pan, period), period).Tenths;
        });
        return tenths == 0 ? null : new Rational(tenths, 10 * MonthsOfAverage);
    }

    private static long? Carriable(long tenths) => TransferAmount.TryFromSteps(tenths, out TransferAmount amount) ? amount.Steps : null;

    private static (string Code, string Detail) Refusal(PriceRefusal reason) => reason switch
    {
        PriceRefusal.NotPositive => (VendingCodes.AmountZero, "The amount must be above zero."),
        PriceRefusal.AmountTooLow => (VendingCodes.AmountTooLow, "The amount buys less than 0.1 kWh after charges and levies."),
        PriceRefusal.BeyondLastBlock => (VendingCodes.AmountTooHigh, "The tariff has no price for as much energy in this period."),
        PriceRefusal.TimeOfUse => (VendingCodes.TimeOfUseTariff, "The price depends on when the energy is used, so it cannot be sold beforehand as kWh: this meter needs a balance in money."),
        PriceRefusal.DemandUnknown => (VendingCodes.DemandUnknown, "The tariff charges per kW of subscribed demand, and none is known for this meter."),
        PriceRefusal.BeyondToken => (VendingCodes.AmountTooHigh, "One token cannot carry as much energy."),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static SaleTerms Terms(Quote quote, MeterRecord meter, string? make, string blocks, string fixedCharges) => new(
        meter.Key,
        quote.Tariff.Id,
        quote.Tariff.Valid.From,
        quote.UnitsAsked.ToString(),
        quote.TenthsGranted,
        quote.RoundingMinorUnits,
        [.. Lines(quote)],
        blocks,
        fixedCharges,
        meter.CustomerAccount,
        meter.Place,
        meter.CustomerName,
        quote.Tariff.Name) { Make = make };

    private static IEnumerable<SaleLine> Lines(Quote quote)
    {
        int debt = 0;
        foreach (PriceLine line in quote.Lines)
        {
            DebtPayment? payment = line.Kind == PriceLineKind.Debt ? quote.Debts[debt++] : null;
            yield return new SaleLine(
                line.Kind, line.Name, line.Units?.ToString(), line.Rate?.ToString(), line.MinorUnits, line.TaxMinorUnits, payment?.Debt.Id, payment?.LeftMinorUnits);
        }
    }
}
