using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Verification;

/// <summary>Decodes an APDU into a tree, and encodes it again.</summary>
internal static partial class ApduTree
{
    /// <summary>Decodes any APDU of this library; null where it is refused.</summary>
    public static Tree? Decode(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, Span<byte> encoded, out int size)
    {
        size = 0;
        if (apdu.IsEmpty) return null;
        if (ProtectedApdu.IsProtected(apdu[0])) return Ciphered(apdu, encoded, out size);
        return (ApduTag)apdu[0] switch
        {
            ApduTag.InitiateRequest => Initiate(apdu, encoded, out size),
            ApduTag.InitiateResponse => InitiateAnswer(apdu, encoded, out size),
            ApduTag.ConfirmedServiceError => ServiceError(apdu, encoded, out size),
            ApduTag.AssociationRequest => Associate(apdu, encoded, out size),
            ApduTag.AssociationResponse => AssociateAnswer(apdu, encoded, out size),
            ApduTag.ReleaseRequest or ApduTag.ReleaseResponse => Released(apdu, tolerance, encoded, out size),
            ApduTag.GetRequest => Get(apdu, tolerance, encoded, out size),
            ApduTag.GetResponse => GetAnswer(apdu, tolerance, encoded, out size),
            ApduTag.SetRequest => Set(apdu, tolerance, encoded, out size),
            ApduTag.SetResponse => SetAnswer(apdu, tolerance, encoded, out size),
            ApduTag.ActionRequest => Act(apdu, tolerance, encoded, out size),
            ApduTag.ActionResponse => ActAnswer(apdu, tolerance, encoded, out size),
            ApduTag.DataNotification => Push(apdu, tolerance, encoded, out size),
            ApduTag.ExceptionResponse => Exception(apdu, encoded, out size),
            ApduTag.EventNotification => Event(apdu, tolerance, encoded, out size),
            ApduTag.DataNotificationConfirm => PushReceipt(apdu, encoded, out size),
            ApduTag.AccessRequest => Access(apdu, tolerance, encoded, out size),
            ApduTag.AccessResponse => AccessAnswer(apdu, tolerance, encoded, out size),
            ApduTag.GeneralBlockTransfer => Block(apdu, encoded, out size),
            ApduTag.GeneralCiphering => EndToEnd(apdu, encoded, out size),
            ApduTag.GeneralSigning => Signed(apdu, encoded, out size),
            _ => null,
        };
    }

    private static Tree? Ciphered(ReadOnlySpan<byte> apdu, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!ProtectedApdu.TryRead(apdu, out ProtectedApdu read)) return null;
        var writer = new AxdrWriter(encoded);
        _ = ProtectedApdu.TryWriteHead(ref writer, read.Family, (byte)read.PlainTag, read.Sender, read.Secured.Length);
        writer.WriteOctets(read.Secured);
        size = writer.Position;
        bool general = read.Family is ProtectionFamily.GeneralGlobal or ProtectionFamily.GeneralDedicated;
        var tree = new Tree(general ? "GeneralGlobalCipher" : "GlobalCipher" + read.PlainTag)
        {
            ["security_control"] = new Tree("SecurityControlField")
            {
                ["security_suite"] = (int)read.Control.Suite,
                ["authenticated"] = read.Control.IsAuthenticated,
                ["encrypted"] = read.Control.IsEncrypted,
                ["broadcast_key"] = read.Control.IsBroadcast,
                ["compressed"] = read.Control.IsCompressed,
            },
            ["invocation_counter"] = read.Counter,
            ["ciphered_text"] = Tree.Hex(read.Body),
        };
        if (general) tree["system_title"] = Title(read.Sender);
        return tree;
    }

    private static Tree? Initiate(ReadOnlySpan<byte> apdu, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!InitiateRequest.TryRead(apdu, out InitiateRequest read)) return null;
        size = read.Write(encoded);
        return new Tree("InitiateRequest")
        {
            ["proposed_conformance"] = Bits(read.Conformance),
            ["proposed_quality_of_service"] = read.QualityOfService ?? 0,
            ["client_max_receive_pdu_size"] = read.MaxReceivePdu,
            ["proposed_dlms_version_number"] = read.Version,
            ["response_allowed"] = read.ResponseAllowed,
            ["dedicated_key"] = Tree.Octets(read.DedicatedKey),
        };
    }

    private static Tree? InitiateAnswer(ReadOnlySpan<byte> apdu, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!InitiateResponse.TryRead(apdu, out InitiateResponse read)) return null;
        size = read.Write(encoded);
        return new Tree("InitiateResponse")
        {
            ["negotiated_conformance"] = Bits(read.Conformance),
            ["server_max_receive_pdu_size"] = read.MaxReceivePdu,
            ["negotiated_dlms_version_number"] = read.Version,
            ["negotiated_quality_of_service"] = read.QualityOfService ?? 0,
        };
    }

    private static Tree? ServiceError(ReadOnlySpan<byte> apdu, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!ConfirmedServiceError.TryRead(apdu, out ConfirmedServiceError read)) return null;
        size = read.Write(encoded);
        return new Tree("ConfirmedServiceError") { ["error"] = TreeNames.Enum("InitiateError", (InitiateError)read.Value) };
    }

    private static Tree? Associate(ReadOnlySpan<byte> apdu, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!AssociationRequest.TryRead(apdu, out AssociationRequest read)) return null;
        size = read.Write(encoded);
        return new Tree("ApplicationAssociationRequest")
        {
            ["user_information"] = Information(read.UserInformation),
            ["system_title"] = Tree.Octets(read.CallingSystemTitle),
            ["public_cert"] = Tree.Octets(read.CallingQualifier),
            ["authentication"] = TreeNames.Mechanism(read.Mechanism),
            ["ciphered"] = read.Context is ApplicationContext.LogicalNameCiphered or ApplicationContext.ShortNameCiphered,
            ["authentication_value"] = Tree.Octets(read.Authentication),
            ["calling_ae_invocation_identifier"] = read.UserId,
        };
    }

    private static Tree? AssociateAnswer(ReadOnlySpan<byte> apdu, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!AssociationResponse.TryRead(apdu, out AssociationResponse read)) return null;
        size = read.Write(encoded);
        return new Tree("ApplicationAssociationResponse")
        {
            ["result"] = TreeNames.Enum("AssociationResult", read.Result),
            ["result_source_diagnostics"] = TreeNames.Enum("AcseServiceUserDiagnostics", read.Diagnostic),
            ["ciphered"] = read.Context is ApplicationContext.LogicalNameCiphered or ApplicationContext.ShortNameCiphered,
            ["authentication"] = TreeNames.Mechanism(read.Mechanism),
            ["system_title"] = Tree.Octets(read.RespondingSystemTitle),
            ["public_cert"] = Tree.Octets(read.RespondingQualifier),
            ["authentication_value"] = Tree.Octets(read.Authentication),
            ["user_information"] = Information(read.UserInformation),
        };
    }

    private static Tree? Released(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!Release.TryRead(apdu, tolerance, out Release read)) return null;
        size = read.Write(encoded);
        string kind = read.IsResponse ? "ReleaseResponse" : "ReleaseRequest";
        return new Tree(kind)
        {
            ["reason"] = read.Reason switch { 0 => kind + "Reason.NORMAL", null => null, byte other => other },
            ["user_information"] = Information(read.UserInformation),
        };
    }

    private static Tree? Get(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!GetRequest.TryRead(apdu, tolerance, out GetRequest read)) return null;
        size = read.Write(encoded);
        var tree = new Tree("GetRequest" + read.Type) { ["invoke_id_and_priority"] = Invoke(read.Invoke) };
        if (read.Type == GetRequestType.Normal)
        {
            tree["cosem_attribute"] = Attribute(read.Attribute);
            tree["access_selection"] = Selection(read.Selection);
        }

        if (read.Type == GetRequestType.Next) tree["block_number"] = read.BlockNumber;
        if (read.Type == GetRequestType.WithList)
        {
            var list = new List<object?>();
            foreach (AttributeReference item in read.List)
            {
                list.Add(new Tree("CosemAttributeWithSelection")
                {
                    ["attribute"] = Attribute(item.Attribute), ["access_selection"] = Selection(item.Selection),
                });
            }

            tree["cosem_attributes_with_selection"] = list;
        }

        return tree;
    }

    private static Tree? GetAnswer(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!GetResponse.TryRead(apdu, tolerance, out GetResponse read)) return null;
        size = read.Write(encoded);
        bool failed = read.Result != DataAccessResult.Success;
        string error = failed ? "WithError" : string.Empty;
        string kind = read.Type switch
        {
            GetResponseType.Normal => "GetResponseNormal" + error,
            GetResponseType.WithDataBlock => (read.Block.IsLast ? "GetResponseLastBlock" : "GetResponseWithBlock") + error,
            _ => "GetResponseWithList",
        };
        var tree = new Tree(kind) { ["invoke_id_and_priority"] = Invoke(read.Invoke) };
        if (failed) tree["error"] = TreeNames.Enum("DataAccessResult", read.Result);
        if (read.Type == GetResponseType.WithDataBlock) tree["block_number"] = read.Block.Number;
        if (!failed && read.Type != GetResponseType.WithList)
            tree["data"] = Tree.Hex(read.Type == GetResponseType.Normal ? read.Data.Encoded : read.Block.Raw);
        if (read.Type != GetResponseType.WithList) return tree;
        var list = new List<object?>();
        foreach (GetResult item in read.List)
            list.Add(item.Result == DataAccessResult.Success ? Tree.Typed(item.Data) : TreeNames.Enum("DataAccessResult", item.Result));
        tree["response_data"] = list;
        return tree;
    }

    private static Tree? Set(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!SetRequest.TryRead(apdu, tolerance, out SetRequest read)) return null;
        size = read.Write(encoded);
        var tree = new Tree("SetRequest" + read.Type) { ["invoke_id_and_priority"] = Invoke(read.Invoke) };
        if (read.Type is SetRequestType.Normal or SetRequestType.WithFirstDataBlock)
        {
            tree["cosem_attribute"] = Attribute(read.Attribute);
            tree["access_selection"] = Selection(read.Selection);
        }

        if (read.Type is SetRequestType.WithList or SetRequestType.WithListAndFirstDataBlock) tree["cosem_attributes"] = Attributes(read.List);
        if (read.Type == SetRequestType.WithList) tree["data"] = Values(read.Values);
        else if (read.Type == SetRequestType.Normal) tree["data"] = Tree.Hex(read.Data.Encoded);
        else AddBlock(tree, read.Block);
        return tree;
    }

    private static Tree? SetAnswer(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!SetResponse.TryRead(apdu, tolerance, out SetResponse read)) return null;
        size = read.Write(encoded);
        var tree = new Tree("SetResponse" + read.Type)
        {
            ["invoke_id_and_priority"] = Invoke(read.Invoke), ["result"] = TreeNames.Enum("DataAccessResult", read.Result),
        };
        if (!read.Results.IsEmpty) tree["results"] = Results(read.Results);
        if (read.Type is not (SetResponseType.Normal or SetResponseType.WithList)) tree["block_number"] = read.BlockNumber;
        return tree;
    }

    private static Tree? Act(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!ActionRequest.TryRead(apdu, tolerance, out ActionRequest read)) return null;
        size = read.Write(encoded);
        var tree = new Tree("ActionRequest" + read.Type) { ["invoke_id_and_priority"] = Invoke(read.Invoke) };
        if (read.Type is ActionRequestType.Normal or ActionRequestType.WithFirstBlock) tree["cosem_method"] = Method(read.Method);
        if (read.Type is ActionRequestType.WithList or ActionRequestType.WithListAndFirstBlock) tree["cosem_methods"] = Methods(read.List);
        if (read.Type == ActionRequestType.Normal) tree["data"] = read.HasParameter ? Tree.Hex(read.Parameter.Encoded) : null;
        else if (read.Type == ActionRequestType.WithList) tree["data"] = Values(read.Parameters);
        else if (read.Type == ActionRequestType.NextBlock) tree["block_number"] = read.BlockNumber;
        else AddBlock(tree, read.Block);
        return tree;
    }

    private static Tree? ActAnswer(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!ActionResponse.TryRead(apdu, tolerance, out ActionResponse read)) return null;
        size = read.Write(encoded);
        bool failed = read.Result.ReturnResult != DataAccessResult.Success;
        string suffix = failed ? "WithError" : read.Result.HasReturn ? "WithData" : string.Empty;
        var tree = new Tree("ActionResponse" + read.Type + suffix)
        {
            ["invoke_id_and_priority"] = Invoke(read.Invoke), ["status"] = TreeNames.Enum("ActionResultStatus", read.Result.Result),
        };
        if (failed) tree["error"] = TreeNames.Enum("DataAccessResult", read.Result.ReturnResult);
        else if (read.Result.HasReturn) tree["data"] = Tree.Hex(read.Result.Return.Encoded);
        if (read.Type == ActionResponseType.WithBlock) AddBlock(tree, read.Block);
        if (read.Type == ActionResponseType.NextBlock) tree["block_number"] = read.BlockNumber;
        if (read.Type == ActionResponseType.WithList) tree["results"] = read.Count;
        return tree;
    }

    private static Tree? Push(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!DataNotification.TryRead(apdu, tolerance, out DataNotification read)) return null;
        size = read.Write(encoded);
        return new Tree("DataNotification")
        {
            ["long_invoke_id_and_priority"] = LongInvoke(read.Invoke),
            ["date_time"] = CosemDateTime.TryRead(read.DateTime, out CosemDateTime time) ? time.ToString() : null,
            ["body"] = Tree.Hex(read.Body.Encoded),
        };
    }

    private static Tree? Exception(ReadOnlySpan<byte> apdu, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!ExceptionResponse.TryRead(apdu, out ExceptionResponse read)) return null;
        size = read.Write(encoded);
        return new Tree("ExceptionResponse")
        {
            ["state_error"] = TreeNames.Enum("StateException", read.State), ["service_error"] = TreeNames.Enum("ServiceException", read.Service),
            ["invocation_counter_data"] = read.Service == ExceptionService.InvocationCounterError ? read.ExpectedCounter : null,
        };
    }

    private static Tree? Information(ReadOnlySpan<byte> information)
    {
        if (information.IsEmpty) return null;

        // What may stand here holds no user information itself, so this ends.
        bool initiate = information[0] is InitiateRequest.Tag or InitiateResponse.Tag or (byte)ApduTag.ConfirmedServiceError || ProtectedApdu.IsProtected(information[0]);
        if (!initiate) return new Tree("UserInformation") { ["content"] = Tree.Hex(information) };
        return new Tree("UserInformation") { ["content"] = Decode(information, PeerTolerance.None, new byte[information.Length + 16], out _) };
    }

    private static Tree Invoke(InvokeId invoke) => new("InvokeIdAndPriority")
    {
        ["invoke_id"] = invoke.Id, ["confirmed"] = invoke.IsConfirmed, ["high_priority"] = invoke.IsHighPriority,
    };

    private static Tree Attribute(AttributeDescriptor attribute) => new("CosemAttribute")
    {
        ["interface"] = TreeNames.Class(attribute.Class), ["instance"] = Obis(attribute.Name), ["attribute"] = attribute.Attribute,
    };

    private static Tree Obis(LogicalName name)
    {
        Span<byte> groups = stackalloc byte[LogicalName.Size];
        name.Write(groups);
        return new Tree("Obis") { ["a"] = groups[0], ["b"] = groups[1], ["c"] = groups[2], ["d"] = groups[3], ["e"] = groups[4], ["f"] = groups[5] };
    }

    private static Tree? Selection(SelectiveAccess selection)
    {
        if (!selection.HasValue) return null;
        if (selection.Selector == RangeDescriptor.Selector && RangeDescriptor.TryRead(selection.Parameters, out RangeDescriptor range))
        {
            CaptureObject column = range.Restricting;
            return new Tree("RangeDescriptor")
            {
                ["restricting_object"] = new Tree("CaptureObject")
                {
                    ["cosem_attribute"] = Attribute(new AttributeDescriptor(column.Class, column.Name, column.Attribute)),
                    ["data_index"] = column.DataIndex,
                },
                ["from_value"] = range.From.TryGetDateTime(out CosemDateTime from) ? from.ToString() : Tree.Plain(range.From),
                ["to_value"] = range.To.TryGetDateTime(out CosemDateTime to) ? to.ToString() : Tree.Plain(range.To),
                ["selected_values"] = range.Columns.Count == 0 ? null : Tree.Plain(range.Columns),
            };
        }

        if (selection.Selector != EntryDescriptor.Selector || !EntryDescriptor.TryRead(selection.Parameters, out EntryDescriptor entries)) return null;
        return new Tree("EntryDescriptor")
        {
            ["from_entry"] = entries.FromEntry, ["to_entry"] = entries.ToEntry,
            ["from_selected_value"] = entries.FromColumn, ["to_selected_value"] = entries.ToColumn,
        };
    }

    private static Tree Bits(Conformance bits) => new("Conformance")
    {
        ["general_protection"] = bits.Has(Conformance.GeneralProtection),
        ["general_block_transfer"] = bits.Has(Conformance.GeneralBlockTransfer),
        ["delta_value_encoding"] = bits.Has(Conformance.DeltaValueEncoding),
        ["attribute_0_supported_with_set"] = bits.Has(Conformance.AttributeZeroWithSet),
        ["priority_management_supported"] = bits.Has(Conformance.Priority),
        ["attribute_0_supported_with_get"] = bits.Has(Conformance.AttributeZeroWithGet),
        ["block_transfer_with_get_or_read"] = bits.Has(Conformance.BlockTransferWithGet),
        ["block_transfer_with_set_or_write"] = bits.Has(Conformance.BlockTransferWithSet),
        ["block_transfer_with_action"] = bits.Has(Conformance.BlockTransferWithAction),
        ["multiple_references"] = bits.Has(Conformance.MultipleReferences),
        ["data_notification"] = bits.Has(Conformance.DataNotification),
        ["access"] = bits.Has(Conformance.Access),
        ["get"] = bits.Has(Conformance.Get),
        ["set"] = bits.Has(Conformance.Set),
        ["selective_access"] = bits.Has(Conformance.SelectiveAccess),
        ["event_notification"] = bits.Has(Conformance.EventNotification),
        ["action"] = bits.Has(Conformance.Action),
    };

    private static Tree Title(SystemTitle title)
    {
        Span<byte> octets = stackalloc byte[SystemTitle.Size];
        title.Write(octets);
        return Tree.Hex(octets);
    }
}
