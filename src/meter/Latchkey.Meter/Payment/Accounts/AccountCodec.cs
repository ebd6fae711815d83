using System.Text;
using Latchkey.Meter.Journal;

namespace Latchkey.Meter.Payment.Accounts;

/// <summary>Settings of an account as the bytes of a parameter block, little-endian; see docs/meter-maker.md.</summary>
public static class AccountCodec
{
    private const byte Format = 1;
    private const int MaxNameLength = 8;
    private const byte HasPassive = 1;

    public static byte[] Write(AccountSettings settings)
    {
        byte[] buffer = new byte[BlockStore.MaxLength];
        var output = new ByteWriter(buffer);
        output.Byte(Format);
        output.Byte((byte)settings.Unit);
        output.Byte((byte)settings.Name.Length);
        output.Bytes(Encoding.ASCII.GetBytes(settings.Name));
        output.Byte(unchecked((byte)settings.Scale));
        output.Int64(settings.ClearanceThreshold);
        output.Int64(settings.MaxProvision);
        output.UInt32(settings.MaxProvisionSeconds);
        output.Byte((byte)settings.Credits.Length);
        foreach (CreditSettings credit in settings.Credits) Write(ref output, credit);
        output.Byte((byte)settings.Charges.Length);
        foreach (ChargeSettings charge in settings.Charges) Write(ref output, charge);
        output.Byte((byte)settings.TokenShares.Length);
        foreach (TokenShare share in settings.TokenShares)
        {
            output.Byte(share.Credit);
            output.Byte(share.Percent);
        }

        return output.Written.ToArray();
    }

    /// <summary>Reads and checks; any bytes may come.</summary>
    public static AccountFault TryRead(ReadOnlySpan<byte> bytes, out AccountSettings settings)
    {
        settings = new AccountSettings();
        var input = new ByteReader(bytes);
        if (input.Byte() != Format) return AccountFault.Format;
        var read = new AccountSettings
        {
            Unit = (AccountUnit)input.Byte(),
            Name = Encoding.ASCII.GetString(input.Bytes(Math.Min(input.Byte(), (byte)MaxNameLength))),
            Scale = unchecked((sbyte)input.Byte()),
            ClearanceThreshold = input.Int64(),
            MaxProvision = input.Int64(),
            MaxProvisionSeconds = input.UInt32(),
        };
        var credits = new List<CreditSettings>();
        for (int left = Math.Min(input.Byte(), (byte)(AccountSettings.MaxCredits + 1)); left > 0; left--) credits.Add(ReadCredit(ref input));
        var charges = new List<ChargeSettings>();
        for (int left = Math.Min(input.Byte(), (byte)(AccountSettings.MaxCharges + 1)); left > 0; left--) charges.Add(ReadCharge(ref input));
        var shares = new List<TokenShare>();
        for (int left = Math.Min(input.Byte(), (byte)AccountSettings.MaxCredits); left > 0; left--) shares.Add(new TokenShare(input.Byte(), input.Byte()));
        if (!input.Ok || !input.IsAtEnd) return AccountFault.Format;
        settings = read with { Credits = [.. credits], Charges = [.. charges], TokenShares = [.. shares] };
        return AccountRules.Check(settings);
    }

    private static void Write(ref ByteWriter output, CreditSettings credit)
    {
        output.Byte((byte)credit.Kind);
        output.Byte(credit.Priority);
        output.Byte((byte)credit.Configuration);
        output.Int64(credit.WarningThreshold);
        output.Int64(credit.Limit);
        output.Int64(credit.Preset);
        output.Int64(credit.AvailableThreshold);
        output.Int64(credit.Period);
    }

    private static CreditSettings ReadCredit(ref ByteReader input) => new((CreditKind)input.Byte(), input.Byte())
    {
        Configuration = (CreditConfiguration)input.Byte(),
        WarningThreshold = input.Int64(),
        Limit = input.Int64(),
        Preset = input.Int64(),
        AvailableThreshold = input.Int64(),
        Period = input.Int64(),
    };

    private static void Write(ref ByteWriter output, ChargeSettings charge)
    {
        output.Byte((byte)charge.Kind);
        output.Byte(charge.Priority);
        output.Byte((byte)charge.Configuration);
        output.UInt32(charge.PeriodSeconds);
        output.UInt16(charge.Proportion);
        output.Byte((byte)charge.Rules);
        output.Byte(charge.Credits);
        output.Byte((byte)charge.Reset);
        output.Int64(charge.ActivationClockSeconds);
        output.Byte(charge.Passive is null ? (byte)0 : HasPassive);
        Write(ref output, charge.Active);
        if (charge.Passive is { } passive) Write(ref output, passive);
    }

    private static ChargeSettings ReadCharge(ref ByteReader input)
    {
        var charge = new ChargeSettings((ChargeKind)input.Byte(), input.Byte())
        {
            Configuration = (ChargeConfiguration)input.Byte(),
            PeriodSeconds = input.UInt32(),
            Proportion = input.UInt16(),
            Rules = (CollectionRules)input.Byte(),
            Credits = input.Byte(),
            Reset = (BlockReset)input.Byte(),
            ActivationClockSeconds = input.Int64(),
        };
        bool hasPassive = input.Byte() == HasPassive;
        charge = charge with { Active = ReadPrices(ref input) };
        return hasPassive ? charge with { Passive = ReadPrices(ref input) } : charge;
    }

    private static void Write(ref ByteWriter output, UnitCharge prices)
    {
        output.Byte(unchecked((byte)prices.CommodityScale));
        output.Byte(unchecked((byte)prices.PriceScale));
        output.Byte((byte)prices.StepsWh.Length);
        foreach (long step in prices.StepsWh) output.Int64(step);
        foreach (int price in prices.Prices) output.UInt32((uint)price);
    }

    private static UnitCharge ReadPrices(ref ByteReader input)
    {
        sbyte commodity = unchecked((sbyte)input.Byte()), price = unchecked((sbyte)input.Byte());
        int steps = Math.Min(input.Byte(), (byte)UnitCharge.MaxSteps);
        long[] stepsWh = new long[steps];
        for (int i = 0; i < steps; i++) stepsWh[i] = input.Int64();
        int[] prices = new int[(steps + 1) * UnitCharge.Rates];
        for (int i = 0; i < prices.Length; i++) prices[i] = unchecked((int)input.UInt32());
        return new UnitCharge(commodity, price, [.. prices], [.. stepsWh]);
    }
}
