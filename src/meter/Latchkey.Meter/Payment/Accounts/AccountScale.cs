namespace Latchkey.Meter.Payment.Accounts;

/// <summary>Amounts as COSEM carries them: 32 bits in the account's scale. Inside everything is 64 bits of quanta.</summary>
public static class AccountScale
{
    private const int KilowattHourDecimals = 9;
    private const int CurrencyDecimals = 6;

    /// <summary>Quanta in one of the account's scaled units.</summary>
    public static long QuantaPerStep(AccountSettings settings)
    {
        int decimals = (settings.Unit == AccountUnit.Energy ? KilowattHourDecimals : CurrencyDecimals) + settings.Scale;
        long quanta = 1;
        for (int i = 0; i < decimals; i++) quanta *= 10;
        return quanta;
    }

    /// <summary>The amount in scaled units, rounded down, and held at the ends of what 32 bits can say.</summary>
    public static int ToInt32(long quanta, AccountSettings settings) =>
        (int)Math.Clamp(Floor(quanta, QuantaPerStep(settings)), int.MinValue, int.MaxValue);

    public static long ToQuanta(int scaled, AccountSettings settings) => scaled * QuantaPerStep(settings);

    public static bool Saturates(long quanta, AccountSettings settings) =>
        Floor(quanta, QuantaPerStep(settings)) is < int.MinValue or > int.MaxValue;

    private static long Floor(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);
}
