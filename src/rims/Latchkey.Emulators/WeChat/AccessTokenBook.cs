using Latchkey.Emulators.Hosting;

namespace Latchkey.Emulators.WeChat;

/// <summary>Access tokens by the rules of the stable interface: the same one until the last five minutes, a new one by force.</summary>
internal sealed class AccessTokenBook(TimeSpan lifetime, SeededDraws draws, TimeProvider time)
{
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);
    private readonly Lock _gate = new();
    private (string Value, DateTimeOffset Ends) _current;
    private (string Value, DateTimeOffset Ends) _former;
    private bool _revoked;

    public int Issued { get; private set; }

    public int Requests { get; private set; }

    public (string Value, int Seconds) Issue(bool force)
    {
        lock (_gate)
        {
            Requests++;
            DateTimeOffset now = time.GetUtcNow();
            bool renew = force || _revoked || _current.Value is null || now >= _current.Ends - Overlap;
            if (renew)
            {
                // The old one lives on to its end, unless it was replaced by force.
                _former = force || _revoked ? default : _current;
                _current = ("ACCESS_" + draws.Text(120), now + lifetime);
                _revoked = false;
                Issued++;
            }

            return (_current.Value!, (int)(_current.Ends - now).TotalSeconds);
        }
    }

    /// <summary>0, or 40001 for a token never issued or replaced, or 42001 for one that has ended.</summary>
    public int Check(string? value)
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_revoked || string.IsNullOrEmpty(value)) return 40001;
            if (value == _current.Value) return now < _current.Ends ? 0 : 42001;
            if (value == _former.Value) return now < _former.Ends ? 0 : 42001;
            return 40001;
        }
    }

    /// <summary>As if somebody else had fetched a token by force: the one in use is refused from now on.</summary>
    public void Revoke()
    {
        lock (_gate) _revoked = true;
    }
}
