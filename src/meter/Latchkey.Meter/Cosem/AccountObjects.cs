using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Services;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.Meter.Cosem;

/// <summary>What the three payment classes share: the account as it is now, its scale, and the way its settings are changed.</summary>
internal abstract class AccountPart(MeterContext context, AccountOffice office, CosemClock clock)
{
    protected MeterContext Context => context;

    protected AccountOffice Office => office;

    protected CosemClock Clock => clock;

    protected AccountView Now => AccountView.Of(context);

    protected AccountSettings Settings => context.Account;

    protected bool IsReady => context.Journal.Acceptor is not null && !context.Journal.IsBroken;

    protected int Scaled(long quanta) => AccountScale.ToInt32(quanta, Settings);

    protected long Quanta(DataView value) => AccountScale.ToQuanta((int)Integer(value), Settings);

    protected static long Integer(DataView value) => value.TryGetInteger(out long number) ? number : 0;

    protected void WriteTime(long clockSeconds, ref AxdrWriter writer) => writer.DateTimeOctets(clockSeconds <= 0 ? CosemDateTime.Unspecified : clock.At(clockSeconds));

    protected long Seconds(DataView value) =>
        value.TryGetDateTime(out CosemDateTime time) && time.TryToInstant(clock.Deviation, out DateTimeOffset at) ? at.ToUnixTimeSeconds() : 0;

    /// <summary>Puts changed settings in force, whole, or refuses them.</summary>
    protected DataAccessResult Adopt(AccountSettings settings)
    {
        if (!IsReady) return DataAccessResult.HardwareFault;
        ushort version = unchecked((ushort)(context.State.Blocks[(int)Journal.BlockKind.Account].Version + 1));
        if (office.Set(settings, version, out AccountAnswer answer) != AccountFault.None) return DataAccessResult.OtherReason;
        return (DataAccessResult)Answer(answer);
    }

    protected static ActionResult Answer(AccountAnswer answer) => answer switch
    {
        AccountAnswer.Done => ActionResult.Success,
        AccountAnswer.Unknown => ActionResult.ObjectUnavailable,
        AccountAnswer.NotNow => ActionResult.TemporaryFailure,
        AccountAnswer.StorageFailure => ActionResult.HardwareFault,
        _ => ActionResult.OtherReason,
    };
}

/// <summary>Account: class 111.</summary>
internal sealed class AccountObject(MeterContext context, AccountOffice office, CosemClock clock) : AccountPart(context, office, clock), IPaymentObject
{
    private const int NoThreshold = int.MinValue;
    private const byte CreditMode = 1;
    private const byte PrepaymentMode = 2;
    private const int MaxMonths = 36;

    public void Read(int attribute, ref AxdrWriter writer)
    {
        AccountView now = Now;
        switch (attribute)
        {
            case 2:
                writer.Structure(2);
                writer.Enum(now.IsPostpaid ? CreditMode : PrepaymentMode);
                writer.Enum((byte)now.Status);
                break;
            case 3: writer.Unsigned((byte)(now.InUse + 1)); break;
            case 4: BitFlags.Write((byte)now.CreditStatus, 8, ref writer); break;
            case 5: writer.DoubleLong(Scaled(now.Available)); break;
            case 6: writer.DoubleLong(-Math.Abs(Scaled(now.AmountToClear))); break;
            case 7: writer.DoubleLong(Scaled(Settings.ClearanceThreshold)); break;
            case 8: writer.DoubleLong(-Math.Abs(Scaled(now.AggregatedDebt))); break;
            case 9: WriteNames(now.Credits.Length, Obis.Credit, ref writer); break;
            case 10: WriteNames(now.Charges.Length, Obis.Charge, ref writer); break;
            case 11: WriteLinks(now, ref writer); break;
            case 12: WriteShares(ref writer); break;
            case 13: WriteTime(now.ActivatedClockSeconds, ref writer); break;
            case 14: WriteTime(now.ClosedClockSeconds, ref writer); break;
            case 15:
                writer.Structure(3);
                writer.Utf8String(Settings.Name);
                writer.Integer(Settings.Scale);
                writer.Enum((byte)Settings.Unit);
                break;
            case 16: writer.DoubleLong(Scaled(now.LowCreditThreshold)); break;
            case 17: writer.DoubleLong(now.NextCreditThreshold is { } next ? Scaled(next) : NoThreshold); break;
            case 18: writer.LongUnsigned((ushort)Math.Clamp(Scaled(Settings.MaxProvision), 0, ushort.MaxValue)); break;
            default: writer.DoubleLong((int)Math.Min(Settings.MaxProvisionSeconds, int.MaxValue)); break;
        }
    }

    public DataAccessResult Write(int attribute, DataView value) => attribute switch
    {
        2 => SetMode(value),
        7 => Adopt(Settings with { ClearanceThreshold = Quanta(value) }),
        12 => SetShares(value),
        18 => Adopt(Settings with { MaxProvision = Integer(value) * AccountScale.QuantaPerStep(Settings) }),
        19 => Integer(value) < 0 ? DataAccessResult.OtherReason : Adopt(Settings with { MaxProvisionSeconds = (uint)Integer(value) }),
        _ => DataAccessResult.ReadWriteDenied,
    };

    public ActionResult Invoke(int method, DataView parameter) => !IsReady ? ActionResult.HardwareFault : Answer(method switch
    {
        1 => Office.Activate(),
        2 => Office.Close(),
        _ => Office.Reset(),
    });

    // The mode may be written; the status moves by the methods only.
    private DataAccessResult SetMode(DataView value)
    {
        DataItems fields = value.Items;
        _ = fields.TryTake(DataTag.Enum, out long mode) & fields.TryTake(DataTag.Enum, out long status);
        if (mode is not (CreditMode or PrepaymentMode) || status != (long)Now.Status) return DataAccessResult.OtherReason;
        return Context.TrySet(MeterParameter.PaymentMode, mode == CreditMode ? 1 : 0) ? DataAccessResult.Success : DataAccessResult.HardwareFault;
    }

    private static void WriteNames(int count, Func<int, LogicalName> name, ref AxdrWriter writer)
    {
        writer.Array(count);
        for (int i = 0; i < count; i++) writer.Name(name(i));
    }

    private void WriteLinks(AccountView now, ref AxdrWriter writer)
    {
        var links = new List<(int Credit, int Charge)>();
        for (int charge = 0; charge < Settings.Charges.Length; charge++)
        {
            for (int credit = 0; credit < now.Credits.Length; credit++)
            {
                byte linked = Settings.Charges[charge].Credits;
                if (linked == 0 || (linked & (1 << credit)) != 0) links.Add((credit, charge));
            }
        }

        links = links.Count > MaxMonths ? links[..MaxMonths] : links;
        writer.Array(links.Count);
        foreach ((int credit, int charge) in links)
        {
            writer.Structure(3);
            writer.Name(Obis.Credit(credit));
            writer.Name(Obis.Charge(charge));
            BitFlags.Write((byte)Settings.Charges[charge].Rules, 3, ref writer);
        }
    }

    private void WriteShares(ref AxdrWriter writer)
    {
        writer.Array(Settings.TokenShares.Length);
        foreach (TokenShare share in Settings.TokenShares)
        {
            writer.Structure(2);
            writer.Name(Obis.Credit(share.Credit));
            writer.Unsigned(share.Percent);
        }
    }

    private DataAccessResult SetShares(DataView value)
    {
        var shares = new List<TokenShare>();
        foreach (DataView item in value.Items)
        {
            DataItems fields = item.Items;
            _ = fields.TryTake(out DataView name) & fields.TryTake(DataTag.Unsigned, out long percent);
            int credit = name.TryGetLogicalName(out LogicalName named) ? Obis.IndexOfCredit(named) : -1;
            if (credit < 0) return DataAccessResult.OtherReason;
            shares.Add(new TokenShare((byte)credit, (byte)percent));
        }

        return Adopt(Settings with { TokenShares = [.. shares] });
    }
}

/// <summary>Credit: class 112. One that the account does not have shows priority 0.</summary>
internal sealed class CreditObject(int index, MeterContext context, AccountOffice office, AccountDesk desk, CosemClock clock)
    : AccountPart(context, office, clock), IPaymentObject
{
    private static readonly CreditView None = new(new CreditSettings(CreditKind.Token, 0), 0, CreditStatus.Enabled, 0, 0);

    private bool Exists => index < Settings.Credits.Length;

    private CreditView Own => Exists ? Now.Credits[index] : None;

    public void Read(int attribute, ref AxdrWriter writer)
    {
        CreditView own = Own;
        switch (attribute)
        {
            case 2: writer.DoubleLong(Scaled(own.Amount)); break;
            case 3: writer.Enum((byte)own.Settings.Kind); break;
            case 4: writer.Unsigned(own.Settings.Priority); break;
            case 5: writer.DoubleLong(Scaled(own.Settings.WarningThreshold)); break;
            case 6: writer.DoubleLong(Scaled(own.Settings.Limit)); break;
            case 7: BitFlags.Write((byte)own.Settings.Configuration, 5, ref writer); break;
            case 8: writer.Enum((byte)own.Status); break;
            case 9: writer.DoubleLong(Scaled(own.Settings.Preset)); break;
            case 10: writer.DoubleLong(Scaled(own.Settings.AvailableThreshold)); break;
            default: writer.DateTimeOctets(CosemDateTime.Unspecified); break;
        }
    }

    public DataAccessResult Write(int attribute, DataView value)
    {
        if (!Exists) return DataAccessResult.ObjectUnavailable;
        CreditSettings own = Settings.Credits[index];
        CreditSettings? next = attribute switch
        {
            4 => own with { Priority = (byte)Integer(value) },
            5 => own with { WarningThreshold = Quanta(value) },
            6 => own with { Limit = Quanta(value) },
            7 => own with { Configuration = (CreditConfiguration)BitFlags.Read(value) },
            9 => own with { Preset = Quanta(value) },
            10 => own with { AvailableThreshold = Quanta(value) },
            _ => null,
        };
        return next is null ? DataAccessResult.ReadWriteDenied : Adopt(Settings with { Credits = Settings.Credits.SetItem(index, next) });
    }

    public ActionResult Invoke(int method, DataView parameter) => !IsReady ? ActionResult.HardwareFault : Answer(method switch
    {
        1 => Office.UpdateCredit(index, Quanta(parameter)),
        2 => Office.SetCredit(index, Quanta(parameter)),
        _ => desk.Invoke(index),
    });
}

/// <summary>Charge: class 113. One that the account does not have shows priority 0.</summary>
internal sealed class ChargeObject(int index, MeterContext context, AccountOffice office, AccountDesk desk, CosemClock clock)
    : AccountPart(context, office, clock), IPaymentObject
{
    private static readonly ChargeView None = new(new ChargeSettings(ChargeKind.Consumption, 0), UnitCharge.OneForOne, 0, 0, 0, 0);

    private bool Exists => index < Settings.Charges.Length;

    private ChargeView Own => Exists ? Now.Charges[index] : None;

    public void Read(int attribute, ref AxdrWriter writer)
    {
        ChargeView own = Own;
        switch (attribute)
        {
            case 2: writer.DoubleLong(Scaled(own.Paid)); break;
            case 3: writer.Enum((byte)own.Settings.Kind); break;
            case 4: writer.Unsigned(own.Settings.Priority); break;
            case 5: WritePrices(own.Prices, ref writer); break;
            case 6: WritePrices(own.Settings.Passive ?? own.Prices, ref writer); break;
            case 7: WriteTime(own.Settings.ActivationClockSeconds, ref writer); break;
            case 8: writer.DoubleLongUnsigned(own.Settings.PeriodSeconds); break;
            case 9: BitFlags.Write((byte)own.Settings.Configuration, 2, ref writer); break;
            case 10: WriteTime(own.LastClockSeconds, ref writer); break;
            case 11: writer.DoubleLong(Scaled(own.LastAmount)); break;
            case 12: writer.DoubleLong(Scaled(own.Remaining)); break;
            default: writer.LongUnsigned(own.Settings.Proportion); break;
        }
    }

    public DataAccessResult Write(int attribute, DataView value)
    {
        if (!Exists) return DataAccessResult.ObjectUnavailable;
        ChargeSettings own = Settings.Charges[index];
        if (attribute == 6) return TryReadPrices(value, own.Passive ?? Own.Prices, out UnitCharge prices) ? (DataAccessResult)Update(prices, own.ActivationClockSeconds) : DataAccessResult.OtherReason;
        if (attribute == 7) return (DataAccessResult)Update(own.Passive ?? Own.Prices, Seconds(value));
        ChargeSettings? next = attribute switch
        {
            4 => own with { Priority = (byte)Integer(value) },
            8 => own with { PeriodSeconds = (uint)Integer(value) },
            9 => own with { Configuration = (ChargeConfiguration)BitFlags.Read(value) },
            13 => own with { Proportion = (ushort)Integer(value) },
            _ => null,
        };
        return next is null ? DataAccessResult.ReadWriteDenied : Adopt(Settings with { Charges = Settings.Charges.SetItem(index, next) });
    }

    public ActionResult Invoke(int method, DataView parameter)
    {
        if (!IsReady) return ActionResult.HardwareFault;
        if (!Exists) return ActionResult.ObjectUnavailable;
        return method switch
        {
            1 => TryReadTable(parameter, Settings.Charges[index].Passive ?? Own.Prices, out UnitCharge prices) ? Update(prices, Settings.Charges[index].ActivationClockSeconds) : ActionResult.OtherReason,
            2 => Answer(desk.ActivatePassive(index)),
            3 => Answer(desk.Collect(index)),
            4 => Answer(Office.UpdateRemaining(index, Quanta(parameter))),
            _ => Answer(Office.SetRemaining(index, Quanta(parameter))),
        };
    }

    private ActionResult Update(UnitCharge prices, long activation) =>
        !IsReady ? ActionResult.HardwareFault : Answer(Office.UpdateUnitCharge(index, prices, activation));

    // The index of a price is one octet: the step times four, and the rate.
    private static void WritePrices(UnitCharge prices, ref AxdrWriter writer)
    {
        writer.Structure(3);
        writer.Structure(2);
        writer.Integer(prices.CommodityScale);
        writer.Integer(prices.PriceScale);
        writer.Structure(3);
        writer.LongUnsigned((ushort)InterfaceClass.Register);
        writer.Name(Obis.ActiveImport);
        writer.Integer(2);
        writer.Array(prices.Prices.Length);
        Span<byte> name = stackalloc byte[1];
        for (int i = 0; i < prices.Prices.Length; i++)
        {
            writer.Structure(2);
            name[0] = (byte)i;
            writer.OctetString(name);
            writer.Long((short)Math.Clamp(prices.Prices[i], short.MinValue, short.MaxValue));
        }
    }

    private static bool TryReadPrices(DataView value, UnitCharge before, out UnitCharge prices)
    {
        DataItems fields = value.Items;
        _ = fields.TryTake(out DataView scaling) & fields.MoveNext() & fields.TryTake(out DataView table);
        DataItems scales = scaling.Items;
        _ = scales.TryTake(DataTag.Integer, out long commodity) & scales.TryTake(DataTag.Integer, out long price);
        return TryReadTable(table, before with { CommodityScale = (sbyte)commodity, PriceScale = (sbyte)price }, out prices);
    }

    private static bool TryReadTable(DataView table, UnitCharge before, out UnitCharge prices)
    {
        int[] read = [.. before.Prices];
        prices = before;
        foreach (DataView item in table.Items)
        {
            DataItems fields = item.Items;
            _ = fields.TryTake(out DataView name) & fields.TryTake(DataTag.Long, out long price);
            if (!name.TryGetOctets(out ReadOnlySpan<byte> octets) || octets.Length != 1 || octets[0] >= read.Length || price < 0) return false;
            read[octets[0]] = (int)price;
        }

        prices = before with { Prices = [.. read] };
        return prices.IsValid;
    }
}
