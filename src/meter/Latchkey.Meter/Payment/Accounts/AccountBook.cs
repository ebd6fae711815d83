using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Latchkey.Meter.Payment.Accounts;

/// <summary>One line of the book with the value that holds from now on.</summary>
public readonly record struct BookLine(byte Line, long Value);

/// <summary>Of a credit: eight lines each. The numbers are stored.</summary>
public enum CreditLine : byte
{
    /// <summary>Everything ever put in, quanta.</summary>
    Added = 0,

    /// <summary>Everything ever taken out up to <see cref="AccountLine.ConsumedMark"/>, quanta.</summary>
    Taken = 1,

    /// <summary>What was lent when it was invoked, quanta, and not yet repaid; 1 for a credit that lends nothing.</summary>
    Invoked = 2,

    /// <summary>1 once a credit that must be repaid is used up.</summary>
    Exhausted = 3,

    /// <summary>When it was last given: seconds of running, calendar month or µWh, by its kind.</summary>
    GivenAt = 4,
}

/// <summary>Of a charge: eight lines each. The numbers are stored.</summary>
public enum ChargeLine : byte
{
    /// <summary>total_amount_paid of a time or payment charge; that of a consumption charge is in the checkpoints.</summary>
    Paid = 0,

    /// <summary>total_amount_remaining.</summary>
    Remaining = 1,

    /// <summary>Seconds the meter had run at the last collection.</summary>
    CollectedAt = 2,
    LastAmount = 3,

    /// <summary>The clock at the last collection.</summary>
    CollectedClock = 4,

    /// <summary>Ten-thousandths of a quantum that a proportion left over.</summary>
    Carry = 5,

    /// <summary>1 when the passive unit charge has become the active one.</summary>
    PassiveIsActive = 6,
}

/// <summary>Of the account and what follows from it. The numbers are stored.</summary>
public enum AccountLine : byte
{
    /// <summary>Everything ever granted, quanta.</summary>
    Granted = 96,

    /// <summary>Everything ever taken away by clearing, expiry or closing, quanta.</summary>
    Forfeited = 97,

    /// <summary>Index of the credit in use.</summary>
    InUse = 98,

    /// <summary>The consumption up to which <see cref="CreditLine.Taken"/> counts, quanta.</summary>
    ConsumedMark = 99,

    /// <summary><see cref="AccountStatus"/>; 0 is active, as meters leave the factory.</summary>
    Status = 100,
    ActivatedClock = 101,
    ClosedClock = 102,

    /// <summary>What payment charges took since <see cref="ProvisionSince"/>, quanta.</summary>
    Provision = 103,

    /// <summary>Seconds the meter had run.</summary>
    ProvisionSince = 104,

    /// <summary>Month since year 0 in which the step prices count.</summary>
    BlockMonth = 105,

    /// <summary>Import at the beginning of that month, µWh.</summary>
    BlockMonthBase = 106,
    BlockYearBase = 107,

    /// <summary>Days of running since manufacture, at the newest of the day marks.</summary>
    Day = 108,

    /// <summary>Eight marks of what was consumed at the start of the last days, quanta; day n is at n mod 8.</summary>
    FirstDayMark = 109,

    /// <summary>Local day since 1970 of the newest daily freeze.</summary>
    FrozenDay = 117,

    /// <summary>Month since year 0 of the newest monthly freeze.</summary>
    FrozenMonth = 118,

    /// <summary>Whether the supply is forced: 0 automatic, 1 on, 2 off.</summary>
    Force = 119,

    /// <summary>1 while the meter is decommissioned.</summary>
    Decommissioned = 120,

    /// <summary>1 once the reminder has tripped for the present want of credit.</summary>
    Reminded = 121,

    /// <summary>Number of the newest freeze.</summary>
    Freezes = 122,

    /// <summary>Seconds the meter had run at the newest daily freeze.</summary>
    FrozenAt = 123,
}

/// <summary>Everything durable of account, credits and charges: numbered lines. Money moves only by a record that carries the new values of all lines it touches.</summary>
public readonly struct AccountBook : IEquatable<AccountBook>
{
    public const int Lines = 128;
    public const int LinesPerItem = 8;
    private const int FirstChargeLine = AccountSettings.MaxCredits * LinesPerItem;
    private static readonly long[] Empty = new long[Lines];
    private readonly ImmutableArray<long> _lines;

    private AccountBook(ImmutableArray<long> lines) => _lines = lines;

    public long this[AccountLine line] => this[(byte)line];

    public long this[byte line] => _lines.IsDefault ? 0 : _lines[line];

    public long Credit(int index, CreditLine line) => this[Number(index, line)];

    public long Charge(int index, ChargeLine line) => this[Number(index, line)];

    public static byte Number(int credit, CreditLine line) => (byte)((credit * LinesPerItem) + (int)line);

    public static byte Number(int charge, ChargeLine line) => (byte)(FirstChargeLine + (charge * LinesPerItem) + (int)line);

    /// <summary>With these lines set; what has no place is left out.</summary>
    public AccountBook With(params ReadOnlySpan<BookLine> lines)
    {
        long[] next = [.. AsSpan()];
        foreach (BookLine line in lines)
        {
            if (line.Line < Lines) next[line.Line] = line.Value;
        }

        return new AccountBook(ImmutableCollectionsMarshal.AsImmutableArray(next));
    }

    /// <summary>A view of lines that are still being written.</summary>
    internal static AccountBook Over(long[] lines) => new(ImmutableCollectionsMarshal.AsImmutableArray(lines));

    public AccountBook With(AccountLine line, long value) => With(new BookLine((byte)line, value));

    public ReadOnlySpan<long> AsSpan() => _lines.IsDefault ? Empty : _lines.AsSpan();

    public bool Equals(AccountBook other) => AsSpan().SequenceEqual(other.AsSpan());

    public override bool Equals(object? obj) => obj is AccountBook other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(this[AccountLine.Granted], this[AccountLine.Forfeited], this[AccountLine.ConsumedMark]);

    public static bool operator ==(AccountBook left, AccountBook right) => left.Equals(right);

    public static bool operator !=(AccountBook left, AccountBook right) => !left.Equals(right);
}
