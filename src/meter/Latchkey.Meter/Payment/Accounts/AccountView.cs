using System.Collections.Immutable;

namespace Latchkey.Meter.Payment.Accounts;

/// <summary>One credit as it is now.</summary>
/// <param name="Settings">How it is set up.</param>
/// <param name="Amount">current_credit_amount, quanta.</param>
/// <param name="Status">credit_status.</param>
/// <param name="Added">Everything ever put in, quanta.</param>
/// <param name="Taken">Everything ever taken out, quanta.</param>
public sealed record CreditView(CreditSettings Settings, long Amount, CreditStatus Status, long Added, long Taken);

/// <summary>One charge as it is now.</summary>
/// <param name="Settings">How it is set up.</param>
/// <param name="Prices">The unit charge that holds.</param>
/// <param name="Paid">total_amount_paid, quanta.</param>
/// <param name="Remaining">total_amount_remaining, quanta; 0 for a charge that never ends.</param>
/// <param name="LastAmount">last_collection_amount, quanta; 0 for consumption, which is collected with every frame.</param>
/// <param name="LastClockSeconds">last_collection_time, seconds since 1970-01-01 UTC.</param>
public sealed record ChargeView(ChargeSettings Settings, UnitCharge Prices, long Paid, long Remaining, long LastAmount, long LastClockSeconds);

/// <summary>The account as it is now: what COSEM classes 111 to 113 show, in quanta; <see cref="AccountScale"/> brings them to 32 bits.</summary>
public sealed record AccountView
{
    public required AccountSettings Settings { get; init; }

    public required AccountStatus Status { get; init; }

    /// <summary>True in credit mode: an empty credit does not switch off.</summary>
    public required bool IsPostpaid { get; init; }

    public required int InUse { get; init; }

    public required AccountCreditStatus CreditStatus { get; init; }

    public required long Available { get; init; }

    public required long AmountToClear { get; init; }

    public required long AggregatedDebt { get; init; }

    public required long LowCreditThreshold { get; init; }

    /// <summary>next_credit_available_threshold, or null when no credit waits.</summary>
    public required long? NextCreditThreshold { get; init; }

    public required long ActivatedClockSeconds { get; init; }

    public required long ClosedClockSeconds { get; init; }

    public required ImmutableArray<CreditView> Credits { get; init; }

    public required ImmutableArray<ChargeView> Charges { get; init; }

    /// <summary>Import by rate of time of use, µWh.</summary>
    public required ImmutableArray<long> Rates { get; init; }

    internal static AccountView Of(MeterContext context)
    {
        AccountPosition position = context.Position;
        AccountSettings settings = position.Settings;
        long low = context.State.Parameters.LowCredit1Wh * settings.QuantaPerMilli;
        return new AccountView
        {
            Settings = settings,
            Status = position.Status,
            IsPostpaid = context.State.Parameters.IsPostpaid,
            InUse = position.InUse,
            CreditStatus = position.CurrentStatus(low),
            Available = position.Available,
            AmountToClear = position.AmountToClear,
            AggregatedDebt = position.AggregatedDebt,
            LowCreditThreshold = low,
            NextCreditThreshold = Next(position),
            ActivatedClockSeconds = position.Book[AccountLine.ActivatedClock],
            ClosedClockSeconds = position.Book[AccountLine.ClosedClock],
            Credits = [.. Enumerable.Range(0, settings.Credits.Length).Select(i => new CreditView(
                settings.Credits[i], position.Amount(i), position.StatusOf(i), position.Book.Credit(i, CreditLine.Added),
                position.Book.Credit(i, CreditLine.Taken) + (i == position.InUse ? position.Live : 0)))],
            Charges = [.. Enumerable.Range(0, settings.Charges.Length).Select(i => Charge(context, i))],
            Rates = [context.Running.Rate1, context.Running.Rate2, context.Running.Rate3, context.Running.Rate4],
        };
    }

    private static long? Next(AccountPosition position)
    {
        long? best = null;
        for (int i = 0; i < position.Settings.Credits.Length; i++)
        {
            CreditSettings credit = position.Settings.Credits[i];
            bool waits = i != position.InUse && credit.Priority > 0 && credit.Kind is CreditKind.Emergency or CreditKind.Reserved && !position.IsInvoked(i);
            if (waits && (best is null || credit.AvailableThreshold > best)) best = credit.AvailableThreshold;
        }

        return best;
    }

    private static ChargeView Charge(MeterContext context, int index)
    {
        AccountBook book = context.State.Book;
        ChargeSettings settings = context.Account.Charges[index];
        int slot = context.Account.Charges.Take(index).Count(c => c.Kind == ChargeKind.Consumption);
        long paid = settings.Kind == ChargeKind.Consumption ? context.Running.Charge(slot).Paid : book.Charge(index, ChargeLine.Paid);
        return new ChargeView(
            settings, settings.PricesBy(book.Charge(index, ChargeLine.PassiveIsActive)), paid, book.Charge(index, ChargeLine.Remaining),
            book.Charge(index, ChargeLine.LastAmount), book.Charge(index, ChargeLine.CollectedClock));
    }
}
