namespace Latchkey.Meter.Payment;

/// <summary>How low the credit is.</summary>
public enum CreditLevel : byte
{
    Normal = 0,

    /// <summary>Below the first alarm.</summary>
    Low = 1,

    /// <summary>Below the second alarm: the buzzer sounds.</summary>
    VeryLow = 2,

    /// <summary>Nothing left.</summary>
    Out = 3,
}

/// <summary>The level with hysteresis: a level is left only when the balance is a tenth above its threshold, so that a balance at the edge tells once.</summary>
public static class CreditAlarm
{
    public static CreditLevel Next(CreditLevel now, long balanceQuanta, long low1Quanta, long low2Quanta)
    {
        if (balanceQuanta <= 0) return CreditLevel.Out;
        CreditLevel plain = Level(balanceQuanta, low1Quanta, low2Quanta);
        // Credit that has returned from nothing is judged afresh.
        if (plain >= now || now == CreditLevel.Out) return plain;
        CreditLevel eased = Level(balanceQuanta, low1Quanta + (low1Quanta / 10), low2Quanta + (low2Quanta / 10));
        return eased < now ? eased : now;
    }

    private static CreditLevel Level(long balance, long low1, long low2) =>
        balance < low2 ? CreditLevel.VeryLow : balance < low1 ? CreditLevel.Low : CreditLevel.Normal;
}
