using Latchkey.Dlms.Cosem;

namespace Latchkey.Meter.Cosem;

/// <summary>The names of the meter's objects. Value group C 96 with D from 50 on is the maker's own.</summary>
/// <remarks>Source: IEC 62056-6-1 (OBIS).</remarks>
internal static class Obis
{
    public static readonly LogicalName Clock = new(0, 0, 1, 0, 0);
    public static readonly LogicalName LogicalDeviceName = new(0, 0, 42, 0, 0);
    public static readonly LogicalName SapAssignment = new(0, 0, 41, 0, 0);
    public static readonly LogicalName SerialNumber = new(0, 0, 96, 1, 0);
    public static readonly LogicalName SecuritySetup = new(0, 0, 43, 0, 0);
    public static readonly LogicalName InvocationCounter = new(0, 0, 43, 1, 0);
    public static readonly LogicalName PortProtection = new(0, 0, 44, 2, 0);
    public static readonly LogicalName Image = new(0, 0, 44, 0, 0);

    public static readonly LogicalName Relay = new(0, 0, 96, 3, 10);
    public static readonly LogicalName Arbitrator = new(0, 0, 96, 3, 20);
    public static readonly LogicalName Limiter = new(0, 0, 17, 0, 0);
    public static readonly LogicalName Monitor = new(0, 0, 16, 1, 0);
    public static readonly LogicalName Calendar = new(0, 0, 13, 0, 0);
    public static readonly LogicalName SpecialDays = new(0, 0, 11, 0, 0);
    public static readonly LogicalName RateRegisters = new(0, 0, 14, 0, 0);
    public static readonly LogicalName FreezeScripts = new(0, 0, 10, 0, 1);
    public static readonly LogicalName RateScripts = new(0, 0, 10, 0, 100);
    public static readonly LogicalName RelayScripts = new(0, 0, 10, 0, 106);
    public static readonly LogicalName ImageScripts = new(0, 0, 10, 0, 107);
    public static readonly LogicalName PushScripts = new(0, 0, 10, 0, 108);
    public static readonly LogicalName BillingSchedule = new(0, 0, 15, 0, 0);
    public static readonly LogicalName DailySchedule = new(0, 1, 15, 0, 0);
    public static readonly LogicalName RelaySchedule = new(0, 0, 15, 0, 1);
    public static readonly LogicalName ImageSchedule = new(0, 0, 15, 0, 2);
    public static readonly LogicalName PushSchedule = new(0, 0, 15, 0, 4);

    public static readonly LogicalName LoadProfile = new(1, 0, 99, 1, 0);
    public static readonly LogicalName DailyProfile = new(1, 0, 99, 2, 0);
    public static readonly LogicalName Billing = new(0, 0, 98, 1, 0);
    public static readonly LogicalName ProfileStatus = new(0, 0, 96, 10, 1);
    public static readonly LogicalName Demand = new(1, 0, 1, 4, 0);
    public static readonly LogicalName MaxDemand = new(1, 0, 1, 6, 0);

    public static readonly LogicalName Account = new(0, 0, 19, 0, 0);
    public static readonly LogicalName TokenGateway = new(0, 0, 19, 40, 0);
    public static readonly LogicalName MaxCredit = new(0, 0, 19, 50, 1);
    public static readonly LogicalName MaxVend = new(0, 0, 19, 50, 2);
    public static readonly LogicalName Sts = new(0, 0, 19, 60, 0);
    public static readonly LogicalName ChargeCollections = new(0, 0, 99, 14, 0);
    public static readonly LogicalName TokenCredits = new(0, 0, 99, 15, 0);
    public static readonly LogicalName TokenTransfers = new(0, 0, 99, 17, 0);

    public static readonly LogicalName ErrorRegister = new(0, 0, 97, 97, 0);
    public static readonly LogicalName AlarmRegister = new(0, 0, 97, 98, 0);
    public static readonly LogicalName AlarmFilter = new(0, 0, 97, 98, 10);
    public static readonly LogicalName AlarmDescriptor = new(0, 0, 97, 98, 20);

    public static readonly LogicalName PushInterval = new(0, 0, 25, 9, 0);
    public static readonly LogicalName PushAlarm = new(0, 0, 25, 9, 1);
    public static readonly LogicalName PushToken = new(0, 0, 25, 9, 2);
    public static readonly LogicalName DayTemplate = new(0, 0, 66, 0, 1);

    public static readonly LogicalName ActiveImport = new(1, 0, 1, 8, 0);
    public static readonly LogicalName ActiveExport = new(1, 0, 2, 8, 0);
    public static readonly LogicalName ReactiveImport = new(1, 0, 3, 8, 0);
    public static readonly LogicalName ReactiveExport = new(1, 0, 4, 8, 0);

    /// <summary>What the last accepted token granted.</summary>
    public static readonly LogicalName LastGranted = new(0, 0, 96, 50, 1);
    public static readonly LogicalName LastTokenId = new(0, 0, 96, 50, 2);
    public static readonly LogicalName TotalGranted = new(0, 0, 96, 50, 3);
    public static readonly LogicalName TotalConsumed = new(0, 0, 96, 50, 4);
    public static readonly LogicalName OffReasons = new(0, 0, 96, 50, 5);
    public static readonly LogicalName TamperLatched = new(0, 0, 96, 50, 6);
    public static readonly LogicalName Boots = new(0, 0, 96, 7, 0);
    public static readonly LogicalName LastDay = new(0, 0, 96, 50, 10);
    public static readonly LogicalName CollectedCharge = new(0, 0, 96, 50, 11);
    public static readonly LogicalName CollectedAmount = new(0, 0, 96, 50, 12);

    public static LogicalName Rate(int rate) => new(1, 0, 1, 8, (byte)(rate + 1));

    public static LogicalName Credit(int index) => new(0, 0, 19, 10, (byte)index);

    public static LogicalName Charge(int index) => new(0, 0, 19, 20, (byte)index);

    public static int IndexOfCredit(LogicalName name)
    {
        for (int i = 0; i < Payment.Accounts.AccountSettings.MaxCredits; i++)
        {
            if (Credit(i) == name) return i;
        }

        return -1;
    }

    public static LogicalName EventLog(int log) => new(0, 0, 99, 98, (byte)log);

    public static LogicalName EventCode(int log) => new(0, 0, 96, 11, (byte)log);

    public static LogicalName EventDetail(int log) => new(0, 0, 96, 51, (byte)log);

    public static LogicalName Association(int number) => new(0, 0, 40, 0, (byte)number);
}
