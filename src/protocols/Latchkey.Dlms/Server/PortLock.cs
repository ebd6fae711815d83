namespace Latchkey.Dlms.Server;

/// <summary>Locks authentication for a while after failed attempts, each time longer.</summary>
/// <remarks>Source: IEC 62056-6-2, Communication port protection (class_id 124, version 0): attempts, initial lockout, steepness, maximum.</remarks>
internal sealed class PortLock(TimeProvider time)
{
    private const int AllowedAttempts = 3;
    private const int InitialS = 60;
    private const int MaxS = 3600;
    private const int Steepness = 2;
    private int _failed;
    private int _lockS = InitialS;
    private long _lockedAt;
    private bool _locked;

    public bool IsLocked
    {
        get
        {
            if (_locked && time.GetElapsedTime(_lockedAt).TotalSeconds >= _lockS)
            {
                (_locked, _failed) = (false, 0);
                _lockS = Math.Min(_lockS * Steepness, MaxS);
            }

            return _locked;
        }
    }

    public void Failed()
    {
        if (++_failed < AllowedAttempts) return;
        (_locked, _lockedAt) = (true, time.GetTimestamp());
    }

    public void Succeeded() => (_failed, _lockS) = (0, InitialS);
}
