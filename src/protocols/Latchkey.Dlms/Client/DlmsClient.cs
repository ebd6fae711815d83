using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Client;

/// <summary>A client's association with one meter. Each operation writes a request; every APDU that comes back goes to <see cref="Take"/>, which
/// says whether to send more, and no I/O happens here.</summary>
/// <remarks>After a silence, call <see cref="Repeat"/>: a plain request goes out unchanged, a ciphered one with a new counter.
/// Source: IEC 62056-5-3.</remarks>
public sealed partial class DlmsClient
{
    private static readonly LogicalName CurrentAssociation = new(0, 0, 40, 0, 0);
    private readonly DlmsClientOptions _options;
    private readonly byte[] _plain;
    private readonly byte[] _request;
    private readonly byte[] _serverChallenge = new byte[Hls.MaxChallenge];
    private byte[] _blocks = [];
    private int _serverChallengeSize;
    private readonly byte[] _signed;
    private SystemTitle _serverTitle;
    private CipherSession? _session;
    private EndToEndSession? _endToEnd;
    private Operation _operation;
    private int _requestSize;
    private byte _invoke;
    private byte[] _value = [];
    private int _valueStart;
    private int _valueSize;
    private int _blocksSize;
    private uint _block;
    private bool _isList;
    private bool _asksList;

    /// <summary>A client with these options; one per association.</summary>
    public DlmsClient(DlmsClientOptions options)
    {
        _options = options;
        int pdu = options.MaxReceivePdu == 0 ? ushort.MaxValue : Math.Max(512, (int)options.MaxReceivePdu);

        // In general blocks a request or an answer may be longer than any packet.
        if (options.GeneralBlockWindow > 0) pdu = Math.Max(pdu, options.MaxValue);
        (_request, _plain) = (new byte[pdu], new byte[pdu]);
        _signed = options.Signs ? new byte[pdu] : [];
    }

    private enum Operation
    {
        None = 0,
        Associate = 1,
        Prove = 2,
        Get = 3,
        Set = 4,
        Action = 5,
        Access = 6,
        Release = 7,
    }

    /// <summary>Whether the association stands and both sides have proved themselves.</summary>
    public bool IsAssociated { get; private set; }

    /// <summary>What was agreed.</summary>
    public Conformance Conformance { get; private set; }

    /// <summary>The longest APDU that the server takes.</summary>
    public int ServerMaxPdu { get; private set; } = ushort.MaxValue;

    /// <summary>Why the last operation failed.</summary>
    public ClientFailure Failure { get; private set; }

    /// <summary>The value that was read or returned, until the next call; null-data where there is none.</summary>
    public DataView Value => _isList || _valueSize == 0 ? default : new DataView(_value.AsSpan(_valueStart, _valueSize));

    /// <summary>The results of a list that was read, until the next call.</summary>
    public GetResultList Results => _isList && GetResultList.TryRead(_value.AsSpan(_valueStart, _valueSize), out GetResultList list) ? list : default;

    /// <summary>One <see cref="DataAccessResult"/> for each attribute of <see cref="WriteList"/>, until the next call.</summary>
    public ReadOnlySpan<byte> SetResults => _isList ? _value.AsSpan(_valueStart, _valueSize) : default;

    /// <summary>What became of each method of <see cref="InvokeList"/>, until the next call.</summary>
    public MethodResultList MethodResults =>
        _isList && MethodResultList.TryRead(_value.AsSpan(_valueStart, _valueSize), out MethodResultList list) ? list : default;

    /// <summary>The answer to an Access request, until the next call.</summary>
    public AccessResponse AccessAnswer =>
        AccessResponse.TryRead(_plain.AsSpan(0, _valueSize), _options.Tolerance, out AccessResponse answer) ? answer : default;

    /// <summary>Writes the AARQ; 0 when it does not fit or the key has no counter left.</summary>
    public int Associate(Span<byte> output)
    {
        IsAssociated = false;
        bool ciphered = _options.Context == ApplicationContext.LogicalNameCiphered;
        Span<byte> information = stackalloc byte[96];
        int size = new InitiateRequest
        {
            Conformance = _options.Conformance, MaxReceivePdu = _options.MaxReceivePdu, DedicatedKey = ciphered ? _options.DedicatedKey.Span : default,
        }.Write(_plain);
        _session = ciphered ? NewSession(default) : null;
        size = _session is null
            ? Copy(_plain.AsSpan(0, size), information)
            : _session.Protect(ProtectionFamily.ServiceGlobal, Control, _plain.AsSpan(0, size), information);
        if (size == 0) return 0;

        Span<byte> title = stackalloc byte[SystemTitle.Size];
        _options.Title.Write(title);
        bool titled = ciphered || _options.Mechanism >= AuthenticationMechanism.Gmac;
        _operation = Operation.Associate;
        return new AssociationRequest
        {
            Context = _options.Context,
            CallingSystemTitle = titled ? title : default,
            CallingQualifier = _options.Mechanism == AuthenticationMechanism.Ecdsa && _options.PublicKeys is { } keys ? keys.SigningCertificate : default,
            Mechanism = _options.Mechanism,
            Authentication = _options.Mechanism == AuthenticationMechanism.Low ? _options.Secret.Span : _options.Challenge.Span,
            UserInformation = information[..size],
        }.Write(output);
    }

    /// <summary>Writes a request for one attribute or a part of it; 0 when it does not fit.</summary>
    public int Read(AttributeDescriptor attribute, SelectiveAccess selection, Span<byte> output)
    {
        var request = new GetRequest { Type = GetRequestType.Normal, Invoke = NextInvoke(), Attribute = attribute, Selection = selection };
        return Start(Operation.Get, request.Write(_request), output);
    }

    /// <summary>Writes a request for several attributes; 0 when it does not fit.</summary>
    public int ReadList(AttributeList attributes, Span<byte> output)
    {
        var request = new GetRequest { Type = GetRequestType.WithList, Invoke = NextInvoke(), List = attributes };
        int size = Start(Operation.Get, request.Write(_request), output);
        _asksList = true;
        return size;
    }

    /// <summary>Writes a new value of one attribute, in blocks where it must be; 0 when it does not fit.</summary>
    public int Write(AttributeDescriptor attribute, DataView value, Span<byte> output)
    {
        var request = new SetRequest { Type = SetRequestType.Normal, Invoke = NextInvoke(), Attribute = attribute, Data = value };
        int size = Start(Operation.Set, request.Write(_request), output);
        return size > 0 ? size : Upload(new UploadTarget(Operation.Set, attribute, default, [], 0), value.Encoded, output);
    }

    /// <summary>Writes new values of several attributes, in blocks where it must be; 0 when they do not fit. One octet of result each is then in
    /// <see cref="SetResults"/>.</summary>
    public int WriteList(AttributeList attributes, DataList values, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Count, attributes.Count);
        var request = new SetRequest { Type = SetRequestType.WithList, Invoke = NextInvoke(), List = attributes, Values = values };
        int size = Start(Operation.Set, request.Write(_request), output);
        if (size == 0) size = Upload(new UploadTarget(Operation.Set, default, default, attributes.Encoded.ToArray(), attributes.Count), Counted(values), output);
        _asksList = true;
        return size;
    }

    /// <summary>Writes a call of one method, in blocks where it must be; 0 when it does not fit.</summary>
    public int Invoke(MethodDescriptor method, DataView parameter, Span<byte> output)
    {
        int size = Call(method, parameter, output);
        return size > 0 ? size : Upload(new UploadTarget(Operation.Action, default, method, [], 0), parameter.Encoded, output);
    }

    /// <summary>Writes calls of several methods, in blocks where it must be; 0 when they do not fit. What became of each is then in
    /// <see cref="MethodResults"/>.</summary>
    public int InvokeList(MethodList methods, DataList parameters, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters.Count, methods.Count);
        var request = new ActionRequest { Type = ActionRequestType.WithList, Invoke = NextInvoke(), List = methods, Parameters = parameters };
        int size = Start(Operation.Action, request.Write(_request), output);
        if (size == 0) size = Upload(new UploadTarget(Operation.Action, default, default, methods.Encoded.ToArray(), methods.Count), Counted(parameters), output);
        _asksList = true;
        return size;
    }

    /// <summary>Writes an Access request; 0 when it does not fit. It is wrapped as general-glo-ciphering, having no tag of its own.</summary>
    public int Access(AccessSpecificationList specifications, scoped ReadOnlySpan<byte> data, Span<byte> output)
    {
        LongInvokeId invoke = LongInvokeId.Confirmed((uint)NextInvoke().Id);
        return Start(Operation.Access, AccessRequest.Write(invoke, specifications, data, _request), output);
    }

    /// <summary>Writes the request that is under way once more; 0 when nothing is.</summary>
    public int Repeat(Span<byte> output)
    {
        if (_operation is Operation.None or Operation.Associate or Operation.Release) return 0;
        return _blocking ? RepeatBlocks(output) : Protect(_request.AsSpan(0, _requestSize), output);
    }

    /// <summary>Writes the release of the association; 0 when it does not fit.</summary>
    public int Release(Span<byte> output)
    {
        Span<byte> information = stackalloc byte[96];
        int size = 0;
        if (_session is not null)
        {
            int plain = new InitiateRequest { Conformance = _options.Conformance, MaxReceivePdu = _options.MaxReceivePdu }.Write(_plain);
            size = _session.Protect(ProtectionFamily.ServiceGlobal, Control, _plain.AsSpan(0, plain), information);
        }

        _operation = Operation.Release;
        IsAssociated = false;
        return new Release { Reason = 0, UserInformation = information[..size] }.Write(output);
    }

    private SecurityControl Control => SecurityControl.AuthenticatedAndEncrypted(_options.Key!.Suite);

    private CipherSession NewSession(SystemTitle server) => new(_options.Title, server, _options.Key!, _options.Transmit!, _options.Receive!)
    {
        BearsEqualCounter = _options.Tolerance.Has(PeerTolerance.EqualCounter),
    };

    private InvokeId NextInvoke()
    {
        _invoke = (byte)((_invoke + 1) & 0x0F);
        return InvokeId.Confirmed(_invoke);
    }

    private int Start(Operation operation, int size, Span<byte> output)
    {
        (_operation, _requestSize, _valueSize, _blocksSize, _block) = (operation, size, 0, 0, 0);
        (_isList, _asksList) = (false, false);
        Failure = default;
        return size == 0 ? 0 : SendOut(_request.AsSpan(0, size), output);
    }

    private int Call(MethodDescriptor method, DataView parameter, Span<byte> output)
    {
        var request = new ActionRequest
        {
            Type = ActionRequestType.Normal, Invoke = NextInvoke(), Method = method, HasParameter = true, Parameter = parameter,
        };
        return Start(Operation.Action, request.Write(_request), output);
    }

    private static int Copy(ReadOnlySpan<byte> source, Span<byte> target) => source.TryCopyTo(target) ? source.Length : 0;
}
