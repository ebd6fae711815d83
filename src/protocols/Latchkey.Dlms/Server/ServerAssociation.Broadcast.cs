using Latchkey.Dlms.Security;

namespace Latchkey.Dlms.Server;

internal sealed partial class ServerAssociation
{
    // There is nothing to ask for and nothing to release: a sender is known by its title, and proves itself by the tag of each APDU.
    private int ProcessBroadcast(ReadOnlySpan<byte> apdu, Span<byte> output)
    {
        if (server.Security is null || !ProtectedApdu.TryRead(apdu, out ProtectedApdu read) || read.Family != ProtectionFamily.GeneralGlobal) return 0;
        if (State == Phase.Associated && read.Sender == _clientTitle)
        {
            int size = ProcessProtected(apdu, output);
            return read.Control.IsBroadcast ? 0 : size;
        }

        // Another sender takes the place of the one before only when its tag is right: a forged title must cost nobody anything.
        var opening = new Opening { Client = read.Sender, Session = server.Security.CreateSession(read.Sender) };
        if (opening.Session.TryUnprotect(read, server.Plain, out int plain) != UnprotectResult.Success || !IsEnough(read.Control, signed: false)) return 0;
        Close();
        _clientTitle = read.Sender;
        Enter(opening);
        (Conformance, ClientMaxPdu) = (profile.Conformance & AssociationProfile.Implemented, profile.MaxReceivePdu);
        State = Phase.Associated;
        _requests ??= new RequestServer(server, this);
        int answered = AnswerProtected(server.Plain.AsSpan(0, plain), read.Family, read.Control, default, signed: false, output);
        return read.Control.IsBroadcast ? 0 : answered;
    }
}
