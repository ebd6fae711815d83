using System.Globalization;
using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>From a wish and the books to terms. The trial and the sale both come here, so they cannot differ.</summary>
internal sealed class SaleCalculation(VendingOptions options, TariffBook tariffs)
{
    /// <summary>Null and the terms, or the code and detail of a refusal.</summary>
    public (string Code, string Detail)? Calculate(IVendingBooks books, PlaceOrder command, DateTimeOffset now, out SaleTerms? terms)
    {
        terms = null;
        if (options.FindChannel(command.Channel) is not { } channel) return (VendingCodes.UnknownChannel, $"There is no channel '{command.Channel}'.");
        if (CheckCommand(command, channel) is { } wrong) return wrong;
        if (books.FindMeter(command.Pan) is not { } meter) return (VendingCodes.UnknownMeter, $"Meter {command.Pan} is not known here.");
        if (meter.IsBlocked) return (VendingCodes.MeterBlocked, $"Nothing is sold to meter {command.Pan} at present.");
        if (tariffs.InForce(meter.TariffId, options.Day(now)) is not { } tariff) return (VendingCodes.NoTariff, $"Tariff '{meter.TariffId}' is not in force today.");
        if (tariff.CurrencyCode != command.Amount.Currency.Code)
            return (VendingCodes.CurrencyMismatch, $"The tariff is in {tariff.CurrencyCode}, the money in {command.Amount.Currency}.");

        (string blocks, string fixedCharges) = Periods(tariff, meter, options.Day(now));
        PurchaseState state = State(books, command, blocks, fixedCharges);
        switch (Quoting.For(tariff, command.Amount, state, Carriable))
        {
            case QuoteOutcome.Refused { Reason: var reason }:
                return Refusal(reason);
            case QuoteOutcome.Quoted { Quote: var quote }:
                terms = Terms(quote, meter, blocks, fixedCharges);
                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static (string Code, string Detail)? CheckCommand(PlaceOrder command, SalesChannel channel)
    {
        if (command.OrderId == Guid.Empty) return (VendingCodes.OrderIdMissing, "A purchase needs an id.");
        if (command.PaymentReference?.Length > PlaceOrder.MaxTextLength || command.Operator?.Length > PlaceOrder.MaxTextLength)
            return (VendingCodes.TextTooLong, $"References and names have at most {PlaceOrder.MaxTextLength} characters.");
        if (command.Amount.MinorUnits <= 0) return (VendingCodes.AmountZero, "The amount must be above zero.");
        if (command.Amount.MinorUnits < channel.Minimum) return (VendingCodes.AmountTooLow, "The amount is below the channel's least.");
        return command.Amount.MinorUnits > channel.Maximum ? (VendingCodes.AmountTooHigh, "The amount is above the channel's most.") : null;
    }

    private static (string Blocks, string Fixed) Periods(Tariff tariff, MeterRecord meter, DateOnly today)
    {
        DateOnly blocks = AccumulationPeriod.StartOf(tariff.Accumulation, today, meter.Anniversary ?? new DateOnly(today.Year, 1, 1));
        DateOnly charges = AccumulationPeriod.StartOf(Accumulation.CalendarMonth, today);
        return (string.Create(CultureInfo.InvariantCulture, $"{tariff.Accumulation}:{blocks:yyyy-MM-dd}"),
            string.Create(CultureInfo.InvariantCulture, $"fixed:{charges:yyyy-MM-dd}"));
    }

    private static PurchaseState State(IVendingBooks books, PlaceOrder command, string blocks, string fixedCharges) => new(
        new Rational(books.Totals(command.Pan, blocks).Tenths, 10),
        new Rational(books.Totals(command.Pan, fixedCharges).FixedMinorUnits, command.Amount.Currency.MinorPerMajor));

    private static long? Carriable(long tenths) => TransferAmount.TryFromSteps(tenths, out TransferAmount amount) ? amount.Steps : null;

    private static (string Code, string Detail) Refusal(PriceRefusal reason) => reason switch
    {
        PriceRefusal.NotPositive => (VendingCodes.AmountZero, "The amount must be above zero."),
        PriceRefusal.AmountTooLow => (VendingCodes.AmountTooLow, "The amount buys less than 0.1 kWh after charges and levies."),
        PriceRefusal.BeyondLastBlock => (VendingCodes.AmountTooHigh, "The tariff has no price for as much energy in this period."),
        PriceRefusal.BeyondToken => (VendingCodes.AmountTooHigh, "One token cannot carry as much energy."),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static SaleTerms Terms(Quote quote, MeterRecord meter, string blocks, string fixedCharges) => new(
        meter.Key,
        quote.Tariff.Id,
        quote.Tariff.Valid.From,
        quote.UnitsAsked.ToString(),
        quote.TenthsGranted,
        quote.RoundingMinorUnits,
        [.. quote.Lines.Select(l => new SaleLine(l.Kind, l.Name, l.Units?.ToString(), l.Rate?.ToString(), l.MinorUnits))],
        blocks,
        fixedCharges,
        meter.CustomerAccount,
        meter.Place);
}
