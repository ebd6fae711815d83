namespace Latchkey.Meter.Keypad;

/// <summary>What a key or the passing of time asked the meter to do.</summary>
public enum EntryOutcome : byte
{
    None = 0,

    /// <summary>Twenty digits are there and entered.</summary>
    Token = 1,

    /// <summary>Three digits and enter: a short code.</summary>
    ShortCode = 2,

    /// <summary>Enter was pressed on any other number of digits.</summary>
    Incomplete = 3,
}

/// <summary>The digits typed so far. Keys: 0 to 9, * deletes the last digit, # enters.</summary>
/// <remarks>
/// Twenty digits enter by themselves after <see cref="SettleMs"/> without a key, so that a last wrong digit can still be deleted and nobody waits
/// for a key they do not know. A pause hides a partial entry after <see cref="HideMs"/>, the next key brings it back until <see cref="ForgetMs"/>.
/// </remarks>
public sealed class TokenEntry
{
    public const int TokenDigits = 20;
    public const int ShortCodeDigits = 3;
    public const int GroupLength = 4;
    public const int SettleMs = 3_000;
    public const int HideMs = 60_000;
    public const int ForgetMs = 300_000;
    private readonly char[] _digits = new char[TokenDigits];
    private int _count;
    private long _lastKeyMs;

    /// <summary>The digits as typed; empty while hidden.</summary>
    public string Digits => IsHidden ? string.Empty : new string(_digits, 0, _count);

    /// <summary>How many digits are typed.</summary>
    public int Count => _count;

    /// <summary>True while a partial entry is kept but not shown.</summary>
    public bool IsHidden { get; private set; }

    /// <summary>When the entry wants to be looked at again, on the monotonic clock; <see cref="long.MaxValue"/> when nothing is typed.</summary>
    public long NextDeadlineMs => _count == 0 ? long.MaxValue
        : _count == TokenDigits ? _lastKeyMs + SettleMs
        : _lastKeyMs + (IsHidden ? ForgetMs : HideMs);

    /// <summary>Takes a key; keys that mean nothing are ignored.</summary>
    public EntryOutcome Press(char key, long nowMs, out string entered)
    {
        entered = string.Empty;
        Expire(nowMs);
        bool known = char.IsAsciiDigit(key) || key is '*' or '#';
        if (!known) return EntryOutcome.None;
        _lastKeyMs = nowMs;
        // The first key after a pause only brings the entry back, so that nobody deletes a digit they could not see.
        bool wasHidden = IsHidden;
        IsHidden = false;
        if (wasHidden && !char.IsAsciiDigit(key)) return EntryOutcome.None;
        switch (key)
        {
            case '#': return Enter(out entered);
            case '*': _count = Math.Max(0, _count - 1); break;
            default:
                if (_count < TokenDigits) _digits[_count++] = key;
                break;
        }

        return EntryOutcome.None;
    }

    /// <summary>Lets time pass.</summary>
    public EntryOutcome Elapse(long nowMs, out string entered)
    {
        entered = string.Empty;
        if (_count == TokenDigits && nowMs - _lastKeyMs >= SettleMs) return Enter(out entered);
        Expire(nowMs);
        return EntryOutcome.None;
    }

    /// <summary>Drops what was typed.</summary>
    public void Clear()
    {
        Array.Clear(_digits);
        (_count, IsHidden) = (0, false);
    }

    private EntryOutcome Enter(out string entered)
    {
        entered = new string(_digits, 0, _count);
        EntryOutcome outcome = _count switch
        {
            0 => EntryOutcome.None,
            ShortCodeDigits => EntryOutcome.ShortCode,
            TokenDigits => EntryOutcome.Token,
            _ => EntryOutcome.Incomplete,
        };
        // Nineteen digits are a slip, not a new start: they stay, to be completed.
        if (outcome != EntryOutcome.Incomplete) Clear();
        return outcome;
    }

    private void Expire(long nowMs)
    {
        if (_count == 0) return;
        long idle = nowMs - _lastKeyMs;
        if (idle >= ForgetMs) Clear();
        else if (idle >= HideMs) IsHidden = true;
    }
}
