using System.Globalization;
using Latchkey.Meter.Control;
using Latchkey.Meter.LoadSwitch;
using Latchkey.Meter.Payment;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.State;
using Latchkey.Meter.Tokens;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.Meter.Face;

/// <summary>One page of the display: a caption and a value, the value also as digits and unit where it is a number.</summary>
public readonly record struct FacePage(string Caption, string Value, string Digits = "", string Unit = "");

/// <summary>What the three-digit codes show. The numbers follow common prepaid meters where one is known.</summary>
internal sealed class ShortCodes(MeterContext context, SupplyControl supply, PaymentDesk payment, TokenDesk tokens)
{
    public const int Serial = 0;
    public const int PowerNow = 1;
    public const int PowerLimit = 14;
    public const int Version = 48;
    public const int PowerFails = 50;
    public const int LastToken = 54;
    public const int LastTid = 55;
    public const int LastValue = 56;
    public const int KeyRevision = 57;
    public const int TariffIndex = 58;
    public const int Credit = 59;
    public const int SupplyGroup = 60;
    public const int TamperBits = 61;
    public const int RelayReason = 62;
    public const int ContactWear = 63;
    public const int CoreImage = 64;
    public const int EventCount = 65;
    public const int TotalEnergy = 66;
    public const int LastResult = 78;

    /// <summary>Acts instead of showing: the load is reduced, close again after an overload lock-out.</summary>
    public const int ReleaseOverload = 70;

    /// <summary>Acts instead of showing: accepts the emergency credit on offer.</summary>
    public const int AcceptEmergency = 71;

    /// <summary>Acts instead of showing: accepts the overdraft on offer.</summary>
    public const int AcceptOverdraft = 72;

    /// <summary>Acts instead of showing: lets a supply come back that waits for somebody at the meter.</summary>
    public const int Reconnect = 73;
    public const int DaysLeft = 80;
    public const int RateNow = 81;
    public const int Recharges = 82;
    public const int Debt = 83;
    public const int ToClear = 84;

    /// <summary>Every code with what it shows or does, for the manual.</summary>
    public static IReadOnlyList<(int Code, string Shows)> Manual { get; } =
    [
        (Serial, "meter number (decoder reference number)"),
        (PowerNow, "power now"),
        (PowerLimit, "load limit"),
        (Version, "software version"),
        (PowerFails, "power failures"),
        (LastToken, "kind of the last accepted token"),
        (LastTid, "identifier of the last accepted token, minutes since the base date"),
        (LastValue, "everything granted, after the last credit token"),
        (KeyRevision, "key revision and key type"),
        (TariffIndex, "tariff index"),
        (Credit, "credit left"),
        (SupplyGroup, "supply group code"),
        (TamperBits, "tampers that wait for a clear-tamper token"),
        (RelayReason, "why the supply is off; then the last five times, with their dates"),
        (ContactWear, "wear of the contacts, per cent of their life"),
        (CoreImage, "first four bytes of the hash of the metrology image"),
        (EventCount, "events logged"),
        (TotalEnergy, "energy register"),
        (ReleaseOverload, "acts: the load is reduced, close again after an overload lock-out"),
        (AcceptEmergency, "acts: accepts the emergency credit on offer"),
        (AcceptOverdraft, "acts: accepts the overdraft on offer"),
        (Reconnect, "acts: switches on a supply that waits for you"),
        (LastResult, "result of the last token"),
        (DaysLeft, "days left at the pace of the last week; 9999 when nothing was used"),
        (RateNow, "rate of time of use that holds now"),
        (Recharges, "credit tokens accepted so far"),
        (Debt, "debt that is still to be collected"),
        (ToClear, "what must be paid before the supply returns"),
    ];

    /// <summary>The pages of a code, one after the other, or null where there is none.</summary>
    public IEnumerable<FacePage>? Pages(int code) => code switch
    {
        RelayReason => [ReasonPage(), .. LastReasons()],
        _ => Page(code) is { } page ? [page] : null,
    };

    /// <summary>The page of a code, or null where there is none.</summary>
    public FacePage? Page(int code) => code switch
    {
        Serial => new("Meter", context.Pan.Drn.ToString()),
        PowerNow => Number("Power", context.Shown.ActiveMilliwatts, 1_000_000, 3, "kW"),
        PowerLimit => new("Power limit", context.State.Parameters.LoadLimitWatts == 0 ? "none" : Invariant($"{context.State.Parameters.LoadLimitWatts} W")),
        Version => new("Software", Software()),
        PowerFails => new("Power fails", Invariant($"{Math.Max(0, (long)context.State.BootCount - 1)}")),
        LastToken => Last(t => new("Last token", Invariant($"{t.Effect}"))),
        LastTid => Last(t => new("Last TID", Invariant($"{t.TidMinutes}"))),
        LastValue => Last(LastCredit),
        KeyRevision => Register(r => Invariant($"{r.KeyRevision} {(int)r.KeyType}"), "Key rev, type"),
        TariffIndex => Register(r => r.TariffIndex.ToString(), "Tariff index"),
        Credit => CreditPage(),
        SupplyGroup => Register(r => r.SupplyGroup.ToString(), "Supply group"),
        TamperBits => new("Tamper", context.State.Tamper == Hal.TamperInputs.None ? "none" : Invariant($"{(uint)context.State.Tamper:D2} {context.State.Tamper}")),
        RelayReason => ReasonPage(),
        ContactWear => WearPage(),
        CoreImage => new("Core image", Invariant($"{MeterContext.CoreImageId:X8}")),
        EventCount => new("Events", Invariant($"{context.General.Count + context.Fraud.Count}")),
        TotalEnergy => TotalPage(),
        ReleaseOverload => new("Overload", payment.Limiter.IsTripped ? Invariant($"trip {payment.Limiter.Trips}") : "released"),
        AcceptEmergency => new("Emergency", EmergencyText(payment.EmergencyOffer())),
        AcceptOverdraft => new("Overdraft", EmergencyText(payment.EmergencyOffer(1))),
        Reconnect => ReasonPage(),
        DaysLeft => new("Days left", Invariant($"{payment.DaysLeft}")),
        RateNow => new("Rate", Invariant($"T{payment.Moment.Rate + 1}")),
        Recharges => new("Top-ups", Invariant($"{context.State.Book[AccountLine.Recharges]}")),
        Debt => Amount("Debt", -context.Position.AggregatedDebt),
        ToClear => Amount("To pay", -context.Position.AmountToClear),
        LastResult => tokens.Last is { } last ? new("Last result", Invariant($"{(int)last.Status:D2} {TokenStatusTable.Display(last.Status)}")) : new("Last result", "none"),
        _ => null,
    };

    /// <summary>The version that runs; set by the core, which knows what the boot loader chose.</summary>
    public Func<string> Software { get; set; } = static () => string.Empty;

    public FacePage CreditPage() => Amount("Credit", context.Totals.BalanceQuanta);

    public FacePage TotalPage() => Number("Total", context.Shown.ActiveImport, 1_000_000_000, 2, "kWh");

    /// <summary>An amount of the account's unit: kilowatt-hours, or money under the currency's letters.</summary>
    public FacePage Amount(string caption, long quanta) => Number(
        caption, quanta, context.Account.Unit == AccountUnit.Energy ? 1_000_000_000 : 1_000_000, 2, context.Account.Name);

    public FacePage PowerPage() => Page(PowerNow)!.Value;

    public FacePage ReasonPage()
    {
        OffReasons reason = OffReasonTable.Foremost(supply.Decision.AllReasons);
        return new("Supply", reason == OffReasons.None ? "on" : Invariant($"{OffReasonTable.Code(reason):D2} {OffReasonTable.Display(reason)}"));
    }

    /// <summary>The last five times, newest first.</summary>
    private IEnumerable<FacePage> LastReasons()
    {
        int number = 0;
        foreach (OffOccasion occasion in context.State.LastReasons)
        {
            string when = occasion.ClockSeconds > 0
                ? DateTimeOffset.FromUnixTimeSeconds(occasion.ClockSeconds + (context.State.Parameters.UtcOffsetMinutes * 60L)).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)
                : "no clock";
            yield return new FacePage(Invariant($"{++number} {when}"), Invariant($"{OffReasonTable.Code(occasion.Reason):D2} {OffReasonTable.Display(occasion.Reason)}"));
        }
    }

    /// <summary>The most worn relay, as the load switch has kept its charge.</summary>
    private FacePage WearPage()
    {
        long worst = 0;
        ReadOnlySpan<byte> kept = context.State.SwitchLearning.AsSpan();
        while (kept.Length > 1 && kept[0] > 0 && kept.Length > kept[0])
        {
            if (LoadSwitchMemory.TryRead(kept.Slice(2, kept[0] - 1), out LoadSwitchMemory memory)) worst = Math.Max(worst, memory.TotalMicrocoulombs);
            kept = kept[(1 + kept[0])..];
        }

        var contacts = new ContactModel();
        return new FacePage("Contact wear", Invariant($"{worst * 1e-6 * contacts.MicrogramsPerCoulomb * 100 / contacts.EndOfLifeMicrograms:F2} %"));
    }

    /// <summary>The pages of the tests in a test token, lowest bit first; tests that this meter does not have are left out.</summary>
    public IEnumerable<FacePage> Tests(ulong control)
    {
        (int Bit, int Code)[] known =
        [
            (2, TotalEnergy), (3, KeyRevision), (4, TariffIndex), (6, PowerLimit), (7, TamperBits), (8, PowerNow), (9, Version), (15, SupplyGroup), (17, Serial),
        ];
        if ((control & 2) != 0) yield return new FacePage("Display test", new string('8', context.Profile.DisplayColumns), "8.8.8.8.8.8.8.8.", "kWh");
        foreach ((int bit, int code) in known)
        {
            if ((control & (1UL << bit)) != 0 && Page(code) is { } page) yield return page;
        }
    }

    /// <summary>What the display says to somebody who asked for emergency credit.</summary>
    public static string EmergencyText(EmergencyAnswer answer) => answer switch
    {
        EmergencyAnswer.Granted => "ACCEPTED",
        EmergencyAnswer.AlreadyUsed => "01 already used",
        EmergencyAnswer.NotNeeded => "02 not needed",
        EmergencyAnswer.NotOffered => "03 none here",
        _ => "NOT READY",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A fixed-point value cut, not rounded, to the digits shown: a display never shows more than there is.</summary>
    private static FacePage Number(string caption, long value, long unit, int digits, string unitName)
    {
        decimal scale = digits == 2 ? 100m : 1_000m;
        decimal cut = decimal.Truncate(value * scale / unit) / scale;
        string text = cut.ToString(digits == 2 ? "F2" : "F3", CultureInfo.InvariantCulture);
        return new FacePage(caption, $"{text} {unitName}", text, unitName);
    }

    private FacePage Last(Func<AcceptedToken, FacePage> show) =>
        context.State.LastTokens is [var newest, ..] ? show(newest) : new FacePage("Last token", "none");

    private FacePage LastCredit(AcceptedToken token) => token.Effect == AcceptedEffect.Credit
        ? Amount("Granted in all", token.Value)
        : new FacePage("Last value", Invariant($"{token.Value}"));

    private FacePage Register(Func<Sts.MeterKeyRegister, string> show, string caption) =>
        context.Journal.Acceptor is { } acceptor ? new(caption, show(acceptor.State.Register)) : new(caption, "no key");
}
