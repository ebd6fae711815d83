using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Services;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.Tokens;
using Latchkey.Sts;
using Status = Latchkey.ModuleLink.Messages.TokenStatus;

namespace Latchkey.Meter.Cosem;

public sealed partial class MeterCosem
{
    private const byte DeliveredRemotely = 0;
    private const byte TypedByHand = 2;
    private TokenGateway _gateway = null!;
    private CapturedProfile _transfers = null!;
    private CapturedProfile _credits = null!;
    private CapturedProfile _collections = null!;
    private readonly long[] _collectedAt = new long[AccountSettings.MaxCharges];
    private (int Charge, long Amount) _collected;
    private long _lastGranted;
    private uint _lastTokenId;

    private void AddTokens()
    {
        _gateway = new TokenGateway(Obis.TokenGateway, new TokenQueue(this));
        Device.Add(_gateway, Rights.Secured());
        Device.Add(new StsAttributesObject(Obis.Sts, new StsIdentity(_context)), Rights.Readable());
        Register(Obis.MaxCredit, () => AccountScale.ToInt32(Payment.CreditTotals.Capacity, _context.Account));
        Register(Obis.MaxVend, () => AccountScale.ToInt32(Payment.CreditTotals.Capacity - _context.State.GrantedQuanta, _context.Account));
        Register(Obis.LastGranted, () => AccountScale.ToInt32(_lastGranted, _context.Account));
        Register(Obis.TotalGranted, () => AccountScale.ToInt32(_context.State.GrantedQuanta, _context.Account));
        Register(Obis.TotalConsumed, () => AccountScale.ToInt32(_context.Running.Consumed, _context.Account));
        Device.Add(new CosemData(Obis.LastTokenId, (ref AxdrWriter w) => w.DoubleLongUnsigned(_lastTokenId)), Rights.Readable());
        AddAccount();
        CaptureObject available = new(InterfaceClass.CosemAccount, Obis.Account, 5, 0);
        _transfers = Profile(
            Obis.TokenTransfers, CosemLayout.TokenTransfers, 0,
            [ClockColumn, Gateway(6), Gateway(5), Gateway(4), available]);
        _credits = Profile(
            Obis.TokenCredits, CosemLayout.TokenCredits, 0,
            [ClockColumn, Value(Obis.LastGranted), new(InterfaceClass.Data, Obis.LastTokenId, 2, 0), available]);
        _collections = Profile(
            Obis.ChargeCollections, CosemLayout.ChargeCollections, 0,
            [ClockColumn, new(InterfaceClass.Data, Obis.CollectedCharge, 2, 0), Value(Obis.CollectedAmount), available]);
        _parts.Tokens.Entered = OnToken;
    }

    private void AddAccount()
    {
        Device.Add(new PaymentObject(InterfaceClass.CosemAccount, Obis.Account, new AccountObject(_context, _parts.Office, Clock)), Rights.Callable(2, 7, 12, 18, 19));
        for (int i = 0; i < AccountSettings.MaxCredits; i++)
        {
            Device.Add(
                new PaymentObject(InterfaceClass.CosemCredit, Obis.Credit(i), new CreditObject(i, _context, _parts.Office, _parts.Account, Clock)),
                Rights.Callable(4, 5, 6, 7, 9, 10));
        }

        for (int i = 0; i < AccountSettings.MaxCharges; i++)
        {
            Device.Add(
                new PaymentObject(InterfaceClass.CosemCharge, Obis.Charge(i), new ChargeObject(i, _context, _parts.Office, _parts.Account, Clock)),
                Rights.Callable(4, 6, 7, 8, 9, 13));
        }

        Device.Add(new CosemData(Obis.CollectedCharge, (ref AxdrWriter w) => w.Name(Obis.Charge(_collected.Charge))), Rights.Readable());
        Register(Obis.CollectedAmount, () => AccountScale.ToInt32(_collected.Amount, _context.Account));
    }

    private static CaptureObject Gateway(sbyte attribute) => new(InterfaceClass.TokenGateway, Obis.TokenGateway, attribute, 0);

    // Amounts have the scale of the account, which may be set anew.
    private void Register(LogicalName name, Func<int> value) => Device.Add(
        new AmountRegister(name, value, () => (_context.Account.Scale, _context.Account.Unit == AccountUnit.Energy)), Rights.Readable());

    // Every token, typed or sent, shows in the gateway and in the log. The log holds a fingerprint, never the token.
    private void OnToken(TokenReport report, TokenNumber token)
    {
        byte method = report.Source == TokenSource.Keypad ? TypedByHand : DeliveredRemotely;
        Span<byte> print = stackalloc byte[sizeof(ulong)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(print, report.Fingerprint.Value);
        Span<byte> bytes = stackalloc byte[TokenCoding.DigitCount / 2];
        _ = TokenCoding.TryEncodeBcd(token.ToString(), bytes);
        _gateway.Show(bytes, Clock.Now, OutcomeOf(report), method, print);
        _transfers.Capture(_context.Now.ClockSeconds);
        if (report is { Status: Status.Accepted, Effect: AcceptedEffect.Credit })
        {
            AcceptedToken accepted = _context.State.LastTokens[0];
            (_lastGranted, _lastTokenId) = (report.CreditedQuanta, accepted.TidMinutes);
            _credits.Capture(_context.Now.ClockSeconds);
        }

        if (_tokenPush.IsConfigured) _tokenPush.Push();
    }

    private static TokenOutcome OutcomeOf(TokenReport report) => new(StatusOf(report.Status), (byte)report.Status, TokenStatusTable.Display(report.Status));

    /// <summary>What charges were collected since the last look goes into their history.</summary>
    private void ElapseCharges()
    {
        for (int i = 0; i < _context.Account.Charges.Length; i++)
        {
            if (_context.Account.Charges[i].Kind == ChargeKind.Consumption) continue;
            long at = _context.State.Book.Charge(i, ChargeLine.CollectedClock);
            long before = _collectedAt[i];
            _collectedAt[i] = at;
            if (!_chargesSeen || at == before || at <= 0) continue;
            _collected = (i, _context.State.Book.Charge(i, ChargeLine.LastAmount));
            _collections.Capture(at);
        }

        _chargesSeen = true;
    }

    private bool _chargesSeen;

    /// <summary>How far a token got, as class 115 tells it.</summary>
    internal static TokenStatus StatusOf(Status status) => status switch
    {
        Status.Accepted => TokenStatus.ExecutionOk,
        Status.FirstKeyChangeToken or Status.SecondKeyChangeToken or Status.ThirdKeyChangeToken or Status.FourthKeyChangeToken => TokenStatus.ValidationOk,
        Status.FormatError or Status.MfrCodeError or Status.Lockout => TokenStatus.FormatFailure,
        Status.CrcError => TokenStatus.AuthenticationFailure,
        Status.FunctionError or Status.OverflowError => TokenStatus.ExecutionFailure,
        Status.NotReady => TokenStatus.Received,
        _ => TokenStatus.ValidationFailure,
    };

    /// <summary>The meter's one queue: the same desk as for the keypad.</summary>
    private sealed class TokenQueue(MeterCosem meter) : ITokenQueue
    {
        public CosemDateTime Now => meter.Clock.Now;

        public TokenOutcome Enter(ReadOnlySpan<char> digits) => TokenNumber.TryParse(digits, out TokenNumber token)
            ? OutcomeOf(meter._parts.Tokens.Enter(token, TokenSource.Remote))
            : new TokenOutcome(TokenStatus.FormatFailure, (byte)Status.FormatError, TokenStatusTable.Display(Status.FormatError));

        public void Refused() => meter._transfers.Capture(meter._context.Now.ClockSeconds);
    }

    private sealed class StsIdentity(MeterContext context) : IStsAttributes
    {
        private MeterKeyRegister Register => context.Journal.Acceptor is { } acceptor ? acceptor.State.Register : default;

        public (uint Issuer, ulong Drn, byte Check) Pan
        {
            get
            {
                string digits = context.Pan.ToString();
                return (uint.Parse(digits.AsSpan(0, 6), System.Globalization.CultureInfo.InvariantCulture),
                    ulong.Parse(digits.AsSpan(6, digits.Length - 7), System.Globalization.CultureInfo.InvariantCulture), (byte)(digits[^1] - '0'));
            }
        }

        public byte Algorithm => (byte)context.Algorithm;

        public uint SupplyGroup => uint.Parse(Register.SupplyGroup.ToString(), System.Globalization.CultureInfo.InvariantCulture);

        public byte TariffIndex => byte.Parse(Register.TariffIndex.ToString(), System.Globalization.CultureInfo.InvariantCulture);

        public byte KeyRevision => (byte)Register.KeyRevision.Value;

        public byte KeyType => (byte)Register.KeyType;

        public byte KeyExpiry => Register.KeyExpiry.Value;

        public byte KeyChangeTokens => context.Algorithm == EncryptionAlgorithm.Ea11 ? (byte)4 : (byte)2;
    }
}
