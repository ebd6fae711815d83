using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

/// <summary>What a server offers to one client address.</summary>
public sealed class AssociationProfile
{
    /// <summary>The services that a meter usually offers.</summary>
    public const Conformance Recommended = Conformance.GeneralProtection | Conformance.GeneralBlockTransfer | Conformance.BlockTransferWithGet
        | Conformance.BlockTransferWithSet | Conformance.BlockTransferWithAction | Conformance.MultipleReferences | Conformance.DataNotification
        | Conformance.Access | Conformance.Get | Conformance.Set | Conformance.SelectiveAccess | Conformance.Action;

    /// <summary>Every service that this server carries out. What is offered beyond it is not agreed to.</summary>
    public const Conformance Implemented = Recommended | Conformance.AttributeZeroWithGet | Conformance.AttributeZeroWithSet | Conformance.EventNotification;

    /// <summary>The client's address: 16 public, 32 reading, 1 management by convention.</summary>
    public required ushort Client { get; init; }

    /// <summary>The context that the client must ask for.</summary>
    public ApplicationContext Context { get; init; } = ApplicationContext.LogicalName;

    /// <summary>The mechanism that the client must use.</summary>
    public AuthenticationMechanism Mechanism { get; init; }

    /// <summary>The password, or the secret of mechanisms 2, 3, 4 and 6.</summary>
    public ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>A maker's own proof for mechanism 2; null for the one that is built in.</summary>
    public ManufacturerProof? ManufacturerProof { get; init; }

    /// <summary>Whether the client has its association without asking: for what is sent to many meters at once. Only general-glo-ciphering is taken,
    /// whose sender is told by its title, and what comes under the broadcast key is never answered.</summary>
    public bool IsPreEstablished { get; init; }

    /// <summary>The services offered.</summary>
    public Conformance Conformance { get; init; } = Recommended;

    /// <summary>The longest APDU taken, in octets.</summary>
    public ushort MaxReceivePdu { get; init; } = 1024;

    /// <summary>What protection requests must have.</summary>
    public SecurityPolicy Policy { get; init; }

    /// <summary>A public client: no proof, no ciphering.</summary>
    public static AssociationProfile Public(ushort client = 16) => new()
    {
        Client = client, Conformance = Conformance.Get | Conformance.BlockTransferWithGet | Conformance.SelectiveAccess | Conformance.MultipleReferences,
    };

    /// <summary>A reading client with a password.</summary>
    public static AssociationProfile Reading(ReadOnlyMemory<byte> password, ushort client = 32) => new()
    {
        Client = client, Mechanism = AuthenticationMechanism.Low, Secret = password,
    };

    /// <summary>A client that speaks to many meters at once, without an answer: everything authenticated and encrypted.</summary>
    public static AssociationProfile Broadcast(ushort client = 102) => new()
    {
        Client = client,
        Context = ApplicationContext.LogicalNameCiphered,
        Mechanism = AuthenticationMechanism.None,
        IsPreEstablished = true,
        Conformance = Conformance.GeneralProtection | Conformance.Set | Conformance.Action,
        Policy = SecurityPolicy.AuthenticatedRequest | SecurityPolicy.EncryptedRequest,
    };

    /// <summary>A managing client: HLS 5, everything authenticated and encrypted.</summary>
    public static AssociationProfile Management(ushort client = 1) => new()
    {
        Client = client,
        Context = ApplicationContext.LogicalNameCiphered,
        Mechanism = AuthenticationMechanism.Gmac,
        Policy = SecurityPolicy.AuthenticatedRequest | SecurityPolicy.EncryptedRequest
            | SecurityPolicy.AuthenticatedResponse | SecurityPolicy.EncryptedResponse,
    };
}
