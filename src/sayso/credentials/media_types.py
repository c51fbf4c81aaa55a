"""Name the media types."""

from sayso.identifiers import MediaType

VC_SD_JWT = MediaType("application/vc+sd-jwt")
SD_JWT_JSON = MediaType("application/sd-jwt+json")
DC_SD_JWT = MediaType("application/dc+sd-jwt")
REQUEST_OBJECT = MediaType("application/oauth-authz-req+jwt")
JSON = MediaType("application/json")
