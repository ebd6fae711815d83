namespace Latchkey.Dlms.Server;

/// <summary>protection_mode of class 124.</summary>
internal enum PortLockMode
{
    /// <summary>Nobody may authenticate.</summary>
    Locked = 0,
    /// <summary>Locked for a while after failed attempts.</summary>
    AfterFailedAttempts = 1,
    /// <summary>Never locked.</summary>
    Unlocked = 2,
}

/// <summary>Locks authentication for a while after failed attempts, each time longer.</summary>
/// <remarks>Source: IEC 62056-6-2, Communication port protection (class_id 124, version 0): attempts, initial lockout, steepness, maximum.</remarks>
internal sealed class PortLock(TimeProvider time)
{
    private double _lockS = 60;
    private long _lockedAt;
    private bool _locked;

    public PortLockMode Mode { get; set; } = PortLockMode.AfterFailedAttempts;

    public ushort AllowedAttempts { get; set; } = 3;

    public uint InitialS { get; set; } = 60;

    public byte Steepness { get; set; } = 2;

    public uint MaxS { get; set; } = 3_600;

    public uint FailedAttempts { get; private set; }

    public uint CumulativeFailedAttempts { get; private set; }

    public bool IsLocked
    {
        get
        {
            if (Mode != PortLockMode.AfterFailedAttempts) return Mode == PortLockMode.Locked;
            if (_locked && time.GetElapsedTime(_lockedAt).TotalSeconds >= _lockS)
            {
                (_locked, FailedAttempts) = (false, 0);
                _lockS = Math.Min(_lockS * Steepness, MaxS);
            }

            return _locked;
        }
    }

    public void Failed()
    {
        CumulativeFailedAttempts = CumulativeFailedAttempts == uint.MaxValue ? uint.MaxValue : CumulativeFailedAttempts + 1;
        FailedAttempts = FailedAttempts == uint.MaxValue ? uint.MaxValue : FailedAttempts + 1;
        if (FailedAttempts < AllowedAttempts) return;
        (_locked, _lockedAt) = (true, time.GetTimestamp());
    }

    public void Succeeded() => (FailedAttempts, _lockS) = (0, InitialS);

    public void Reset()
    {
        (_locked, FailedAttempts, _lockS) = (false, 0, InitialS);
        CumulativeFailedAttempts = 0;
    }
}
