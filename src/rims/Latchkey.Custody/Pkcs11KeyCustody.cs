using System.Security.Cryptography;
using System.Text;
using Latchkey.Sts;
using Latchkey.Vending;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Latchkey.Custody;

/// <summary>Vending keys of 20 bytes as non-extractable objects of a PKCS#11 token. Meters' keys are made in it by HMAC-SHA256 (DKGA04).</summary>
/// <remarks>
/// One session, used by one thread at a time: tens of thousands of meters' keys a second, far above what a shop sells. A session that is lost, because the
/// token was taken out or its service began anew, is opened again with the next use; until then there is no token to be had and no order is refused for it.
/// </remarks>
public sealed class Pkcs11KeyCustody : IKeyCustody, IDisposable
{
    private const string MacLabel = "latchkey signer journal";
    private const int ObjectIdLength = 16;

    // SoftHSM2 refuses HMAC keys of 160 bits; padded with zeros to 256 the HMAC is the same by its definition.
    private const int PaddedLength = 32;

    private readonly Lock _gate = new();
    private readonly Pkcs11Options _options;
    private readonly string _pin;
    private readonly Dictionary<string, IObjectHandle> _open = new(StringComparer.Ordinal);
    private Pkcs11Login _login;
    private IObjectHandle _macKey;
    private CustodyException? _wrongPin;

    private Pkcs11KeyCustody(Pkcs11Options options, string pin, Pkcs11Login login)
    {
        (_options, _pin, _login) = (options, pin, login);
        _macKey = Find(CKA.CKA_LABEL, Encoding.ASCII.GetBytes(MacLabel)) ?? MakeMacKey();
    }

    private ISession Session => _login.Session;

    public bool IsDevelopment => false;

    private static IMechanism Hmac => Pkcs11Library.Factories.MechanismFactory.Create(CKM.CKM_SHA256_HMAC);

    /// <summary>Logs in to the token; it stays logged in until disposed.</summary>
    /// <exception cref="CustodyException">The library, the token or the PIN is not right.</exception>
    public static Pkcs11KeyCustody Open(Pkcs11Options options, string pin)
    {
        Pkcs11Login login = Pkcs11Login.Open(options, pin);
        try
        {
            return new Pkcs11KeyCustody(options, pin, login);
        }
        catch (Pkcs11Exception e)
        {
            login.Dispose();
            throw Pkcs11Login.Refused(options, e);
        }
    }

    /// <summary>Makes the object in the token; what it returns is the object's id, which is no secret.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> vendingKey, SigningKeyTerms terms)
    {
        if (vendingKey.Length != VendingKey.HmacLength) throw new CustodyException("A PKCS#11 token holds DKGA04 keys of 20 bytes; DKGA02 needs a security module.");
        byte[] id = RandomNumberGenerator.GetBytes(ObjectIdLength);
        byte[] value = new byte[PaddedLength];
        try
        {
            vendingKey.CopyTo(value);
            InSession(() => Session.CreateObject(
            [
                .. Secret(), Attribute(CKA.CKA_VALUE, value), Attribute(CKA.CKA_ID, id), Attribute(CKA.CKA_LABEL, Encoding.ASCII.GetBytes(terms.KeyId)),
            ]));

            return id;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(value);
        }
    }

    /// <summary>Never: the key does not leave the token.</summary>
    public VendingKey? Open(SigningKeyRecord record) => null;

    public string? Derive(SigningKeyRecord record, in DecoderKeyAttributes meter, out DecoderKey? key)
    {
        key = null;
        byte[] block = new byte[Dkga04DataBlock.Length];
        Dkga04DataBlock.Write(meter, block);
        byte[]? mac;
        try
        {
            mac = InSession(() => Handle(record) is { } handle ? Session.Sign(Hmac, handle, block) : null);
        }
        catch (CustodyException)
        {
            // The token is away, not the key: whoever asks again once it is back gets the token.
            return VendingCodes.SignerUnavailable;
        }

        if (mac is null) return VendingCodes.KeyDamaged;
        try
        {
            return DecoderKey.TryCreate(mac.AsSpan(0, DecoderKey.LengthFor(meter.Algorithm)), out key) ? null : VendingCodes.KeyDamaged;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(mac);
        }
    }

    public byte[] Mac(ReadOnlySpan<byte> previous, ReadOnlySpan<byte> content)
    {
        byte[] input = [.. previous, .. content];
        return InSession(() => Session.Sign(Hmac, _macKey, input));
    }

    public void Dispose()
    {
        lock (_gate) _login.Dispose();
    }

    /// <summary>Uses the session, after opening it again where it was lost.</summary>
    /// <exception cref="CustodyException">The token cannot be used now.</exception>
    private T InSession<T>(Func<T> use)
    {
        lock (_gate)
        {
            try
            {
                return use();
            }
            catch (Exception e) when (e is Pkcs11Exception or ObjectDisposedException)
            {
                Reopen();
            }

            try
            {
                return use();
            }
            catch (Pkcs11Exception e)
            {
                throw Pkcs11Login.Refused(_options, e);
            }
        }
    }

    private void Reopen()
    {
        if (_wrongPin is not null) throw _wrongPin;
        _open.Clear();
        _login.Dispose();
        try
        {
            _login = Pkcs11Login.Open(_options, _pin);
        }
        catch (CustodyException e) when (e.IsForPeople)
        {
            // Changed while we ran: never again with this one.
            _wrongPin = e;
            throw;
        }

        _macKey = Find(CKA.CKA_LABEL, Encoding.ASCII.GetBytes(MacLabel)) ?? throw new CustodyException($"The token '{_options.TokenLabel}' is another one: the key of the signer's journal is not in it.");
    }

    /// <summary>The object of a record, if its label says that it belongs to the same terms.</summary>
    private IObjectHandle? Handle(SigningKeyRecord record)
    {
        if (record.Wrapped.Length != ObjectIdLength) return null;
        string name = record.KeyId + Convert.ToHexString(record.Wrapped.Span);
        if (_open.TryGetValue(name, out IObjectHandle? known)) return known;
        IObjectHandle? found = Session.FindAllObjects(
            [Attribute(CKA.CKA_CLASS, CKO.CKO_SECRET_KEY), Attribute(CKA.CKA_ID, record.Wrapped.ToArray()), Attribute(CKA.CKA_LABEL, Encoding.ASCII.GetBytes(record.KeyId))])
            .FirstOrDefault();
        if (found is not null) _open[name] = found;
        return found;
    }

    private IObjectHandle? Find(CKA kind, byte[] value) =>
        Session.FindAllObjects([Attribute(CKA.CKA_CLASS, CKO.CKO_SECRET_KEY), Attribute(kind, value)]).FirstOrDefault();

    private IObjectHandle MakeMacKey() => Session.GenerateKey(
        Pkcs11Library.Factories.MechanismFactory.Create(CKM.CKM_GENERIC_SECRET_KEY_GEN),
        [.. Secret(), Attribute(CKA.CKA_VALUE_LEN, PaddedLength), Attribute(CKA.CKA_LABEL, Encoding.ASCII.GetBytes(MacLabel))]);

    /// <summary>A secret that stays in the token, cannot be read or wrapped, and does nothing but sign.</summary>
    private static IEnumerable<IObjectAttribute> Secret() =>
    [
        Attribute(CKA.CKA_CLASS, CKO.CKO_SECRET_KEY), Attribute(CKA.CKA_KEY_TYPE, CKK.CKK_GENERIC_SECRET), Attribute(CKA.CKA_TOKEN, true),
        Attribute(CKA.CKA_PRIVATE, true), Attribute(CKA.CKA_SENSITIVE, true), Attribute(CKA.CKA_EXTRACTABLE, false), Attribute(CKA.CKA_MODIFIABLE, false),
        Attribute(CKA.CKA_SIGN, true), Attribute(CKA.CKA_VERIFY, false), Attribute(CKA.CKA_ENCRYPT, false), Attribute(CKA.CKA_DECRYPT, false),
        Attribute(CKA.CKA_WRAP, false), Attribute(CKA.CKA_UNWRAP, false), Attribute(CKA.CKA_DERIVE, false),
    ];

    private static IObjectAttribute Attribute(CKA kind, bool value) => Pkcs11Library.Factories.ObjectAttributeFactory.Create(kind, value);

    private static IObjectAttribute Attribute(CKA kind, byte[] value) => Pkcs11Library.Factories.ObjectAttributeFactory.Create(kind, value);

    private static IObjectAttribute Attribute(CKA kind, CKO value) => Pkcs11Library.Factories.ObjectAttributeFactory.Create(kind, value);

    private static IObjectAttribute Attribute(CKA kind, CKK value) => Pkcs11Library.Factories.ObjectAttributeFactory.Create(kind, value);

    private static IObjectAttribute Attribute(CKA kind, int value) => Pkcs11Library.Factories.ObjectAttributeFactory.Create(kind, (ulong)value);
}
