using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Latchkey.Custody;

/// <summary>A library that is loaded and a session in which its token's user is logged in.</summary>
internal sealed class Pkcs11Login : IDisposable
{
    private readonly IPkcs11Library _library;
    private bool _isClosed;

    private Pkcs11Login(IPkcs11Library library, ISession session) => (_library, Session) = (library, session);

    public ISession Session { get; }

    /// <exception cref="CustodyException">The library, the token or the PIN is not right; the message says what to do.</exception>
    public static Pkcs11Login Open(Pkcs11Options options, string pin)
    {
        IPkcs11Library library = Pkcs11Library.Load(options.LibraryPath);
        try
        {
            ISession session = Pkcs11Library.FindToken(library, options).OpenSession(SessionType.ReadWrite);
            LogIn(session, pin);
            return new Pkcs11Login(library, session);
        }
        catch (Pkcs11Exception e)
        {
            library.Dispose();
            throw Refused(options, e);
        }
        catch
        {
            library.Dispose();
            throw;
        }
    }

    /// <summary>What the token says, and what to do. A token locks itself after a few wrong PINs, so nobody should try again by itself.</summary>
    public static CustodyException Refused(Pkcs11Options options, Pkcs11Exception e) => new(Text(options, e.RV), e)
    {
        IsForPeople = e.RV is CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_INVALID or CKR.CKR_PIN_LEN_RANGE or CKR.CKR_PIN_LOCKED or CKR.CKR_PIN_EXPIRED,
    };

    public void Dispose()
    {
        if (_isClosed) return;
        _isClosed = true;
        Quietly(Session.Dispose);
        Quietly(_library.Dispose);
    }

    /// <summary>Who is logged in is so for every session of the process.</summary>
    private static void LogIn(ISession session, string pin)
    {
        try
        {
            session.Login(CKU.CKU_USER, pin);
        }
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
        {
            // Somebody in this process was first.
        }
    }

    private static string Text(Pkcs11Options options, CKR said) => said switch
    {
        CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_INVALID or CKR.CKR_PIN_LEN_RANGE or CKR.CKR_PIN_EXPIRED =>
            $"The PIN of token '{options.TokenLabel}' is wrong ({said}). Put the right one into the PIN file before trying again: a token locks itself after a few wrong ones.",
        CKR.CKR_PIN_LOCKED => $"Token '{options.TokenLabel}' is locked after too many wrong PINs ({said}): its security officer sets a new PIN with the maker's tools.",
        CKR.CKR_TOKEN_NOT_PRESENT or CKR.CKR_DEVICE_REMOVED or CKR.CKR_DEVICE_ERROR or CKR.CKR_SLOT_ID_INVALID =>
            $"Token '{options.TokenLabel}' is not there ({said}): put it in, or start the service it is reached through.",
        _ => $"Token '{options.TokenLabel}' refuses: {said}.",
    };

    /// <summary>What is closed here may be gone already: the token was taken out, or somebody else ended the library.</summary>
    private static void Quietly(Action close)
    {
        try
        {
            close();
        }
        catch (Exception e) when (e is Pkcs11Exception or ObjectDisposedException)
        {
            // Gone is closed.
        }
    }
}
